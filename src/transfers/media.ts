import type { FrameSource } from '../frames/open.js'

/** Media types of bodies that are a frame as a whole; JSON holds its frame in a member. */
const FRAME_MEDIA: Readonly<Record<string, { format: FrameSource['format']; ending: string }>> = {
  'text/csv': { format: 'csv', ending: 'csv' },
  'application/vnd.apache.arrow.stream': { format: 'arrow', ending: 'arrows' },
  'application/vnd.apache.arrow.file': { format: 'arrow', ending: 'arrow' },
  'application/vnd.apache.parquet': { format: 'parquet', ending: 'parquet' },
}

export function formatOf(media: string): FrameSource['format'] | undefined {
  return FRAME_MEDIA[media]?.format
}

/** Endings of file names beside those above that tell a media type. */
const OTHER_ENDINGS: Readonly<Record<string, string>> = { feather: 'application/vnd.apache.arrow.file' }

/** The media type that the ending of a file's name tells. */
export function mediaOfName(filename: string): string | undefined {
  const ending = /\.([a-z]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? ''
  return Object.keys(FRAME_MEDIA).find((media) => FRAME_MEDIA[media]?.ending === ending) ?? OTHER_ENDINGS[ending]
}

/** The usual ending of a file of this media type; that of the CSV which JSON carries for any other. */
export function endingOf(media: string): string {
  return FRAME_MEDIA[media]?.ending ?? 'csv'
}
