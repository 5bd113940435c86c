/**
 * A reader of events that remembers their numbers only, for tests that have a thousand of them: it connects again after a cut,
 * to whichever server it is told, with the last number it has seen, as EventSource does.
 */
import { type ClientRequest, request } from 'node:http'

export class EventReader {
  /** The numbers in the order in which they came, over all connections. */
  readonly numbers: number[] = []
  /** Where the reader began: the number that the first stream opened with. */
  began: number | undefined
  #lastId = ''
  #rest = ''
  #sent: ClientRequest | undefined

  /** @param query of the stream, such as `?topics=runs` */
  constructor(
    private readonly token: string,
    private readonly query = '',
  ) {}

  /** Connects, or leaves the server that it is connected to for this one; resolves when the stream has opened. */
  async connect(url: string): Promise<void> {
    this.leave()
    this.#rest = ''
    const again: Record<string, string> = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        `${url}/api/events${this.query}`,
        { agent: false, headers: { 'x-stage1-token': this.token, ...again } },
        (response) => {
          if (response.statusCode !== 200) {
            reject(new Error(`the stream of events answers ${response.statusCode}`))
            return
          }
          response.setEncoding('latin1')
          response.on('data', (text: string) => {
            // What a connection that was left still holds is not taken: the number would be asked for again.
            if (this.#sent !== sent) return
            this.#take(text)
            resolve()
          })
          response.on('error', () => {})
        },
      )
      this.#sent = sent
      sent.on('error', reject)
      sent.end()
    })
  }

  leave(): void {
    const sent = this.#sent
    this.#sent = undefined
    sent?.destroy()
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() as string
    for (const block of blocks) {
      const id = /^id: (\d+)$/m.exec(block)?.[1]
      if (id === undefined) throw new Error(`a block without a number: ${block}`)
      this.#lastId = id
      this.began ??= Number(id)
      if (/^data: /m.test(block)) this.numbers.push(Number(id))
    }
  }
}
