import type { Sample } from '../samples-of-code.js'

export const composerSamples: readonly Sample[] = [
  {
    title: 'Parts',
    code: `<form onSubmit={send}>
  <Uploads.Root endpoint="/api/uploads" purpose="user_data"
    value={files} onValueChange={setFiles}
    submitWhilePending="wait">
    <Uploads.Dropzone className="composer">
      <Uploads.List item={Chip} />
      <textarea aria-label="Message" {...text} />
      <Uploads.Trigger>Attach</Uploads.Trigger>
      <Uploads.FormError />
      <button type="submit">Send</button>
    </Uploads.Dropzone>
    <Uploads.Rejections />
  </Uploads.Root>
</form>

const Chip = ({ id }: { id: string }) => (
  <Uploads.Item id={id} className="chip">
    <Uploads.ItemThumbnail />
    <Uploads.ItemName /> <Uploads.ItemActivity />
    <Uploads.ItemCancel /> <Uploads.ItemRemove />
    <Uploads.ItemProgress className="chip-bar" />
  </Uploads.Item>
)`,
  },
  {
    title: 'The bar',
    code: `.chip-bar {
  --ou-accepted: var(--accent);
  --ou-sending: color-mix(in srgb, var(--accent) 50%, white);
  height: 3px;
  background: linear-gradient(to right, var(--ou-ledger));
}`,
  },
  {
    title: 'Server',
    code: `// The ids are all that a model needs.
await openai.responses.create({
  model,
  input: [{
    role: 'user',
    content: [
      ...fileIds.map((file_id) => ({ type: 'input_file', file_id })),
      { type: 'input_text', text },
    ],
  }],
})`,
  },
]
