import type { EngineHome } from './engine-home.js'
import { mavenJar } from './maven-jar.js'

const VERSION = '9.3.4'

/** The path of QuestDB's jar. */
export function questdbJar(home: EngineHome, log: (line: string) => void): Promise<string> {
  const wanted = {
    name: `QuestDB ${VERSION}`,
    artifact: `org.questdb:questdb:${VERSION}`,
    fileName: `questdb-${VERSION}.jar`,
    sha256: '939bc53ab22f93dbaa6545143a6e7c536d4904c07b7f2d381e8eef10436be062',
    folder: 'questdb',
  }
  return mavenJar(wanted, home, log)
}
