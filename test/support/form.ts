/** Forms as browsers and curl send them. */

export interface FilePart {
  readonly name?: string
  readonly filename: string
  readonly media?: string
  readonly bytes: string | Uint8Array
}

/** A form as bytes, with the media type that names its boundary. */
export async function formOf(
  fields: readonly (readonly [string, string])[],
  ...files: readonly FilePart[]
): Promise<{ body: Uint8Array; media: string }> {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  for (const { name = 'file', filename, media = '', bytes } of files)
    form.append(name, new Blob([bytes as never], { type: media }), filename)
  const encoded = new Response(form)
  return { body: new Uint8Array(await encoded.arrayBuffer()), media: encoded.headers.get('content-type') ?? '' }
}
