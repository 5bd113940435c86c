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

/** The usual ending of a file of this media type; that of the CSV which JSON carries for any other. */
export function endingOf(media: string): string {
  return FRAME_MEDIA[media]?.ending ?? 'csv'
}
