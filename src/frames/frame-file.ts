import { type FileHandle, open } from 'node:fs/promises'
import { frameMalformed } from './refusal.js'

/** A frame at rest that is read piece by piece, wherever its own directory says that the pieces lie. */
export class FrameFile {
  private constructor(
    private readonly handle: FileHandle,
    /** Bytes of the file. */
    readonly size: number,
    private readonly onBytes: (bytesRead: number) => void,
  ) {}

  /** `onBytes` hears how many bytes have been read, never more than the file has. */
  static async open(path: string, onBytes: (bytesRead: number) => void = () => {}): Promise<FrameFile> {
    const handle = await open(path, 'r')
    const { size } = await handle.stat()
    return new FrameFile(handle, size, onBytes)
  }

  /** A file that is open already, and whole. Closing the frame closes it. */
  static async over(handle: FileHandle): Promise<FrameFile> {
    const { size } = await handle.stat()
    return new FrameFile(handle, size, () => {})
  }

  private bytesRead = 0

  /**
   * The bytes [at, at + length), in memory of their own, so that numbers of any width may be viewed in it.
   * Throws `FRAME_MALFORMED` when the file does not have them; nothing is allocated then.
   */
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(length) || at < 0 || length < 0 || at + length > this.size) {
      throw frameMalformed(
        `${length} bytes are said to begin at byte ${at}, and the file has ${this.size}: it was cut or damaged`,
        { byte: at },
      )
    }
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, at + filled)
      if (bytesRead === 0) throw frameMalformed('the file became shorter while it was read', { byte: at + filled })
      filled += bytesRead
    }
    this.bytesRead = Math.min(this.size, this.bytesRead + length)
    this.onBytes(this.bytesRead)
    return bytes
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
