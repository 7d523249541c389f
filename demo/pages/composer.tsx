import { type FormEvent, type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { type UploadedFile, Uploads, type UploadsHandle, UploadsProvider, useUploadGuards } from '../../src/index.js'
import { Code } from '../code.js'
import { connection } from '../connection.js'
import { sampleFile } from '../sample-files.js'
import { samplePicture } from '../sample-picture.js'
import { composerSamples } from './composer.samples.js'
import './composer.css'

interface Message {
  key: number
  text: string
  files: readonly UploadedFile[]
}

/** Attachments of a chat, out of unstyled parts. */
export function ComposerPage() {
  const [messages, setMessages] = useState<readonly Message[]>([])
  return (
    <UploadsProvider {...connection}>
      <div className="pair">
        <section aria-labelledby="chat-title" className="chat">
          <h2 id="chat-title">Ask about a file</h2>
          <p className="quiet">
            Unstyled parts in markup of its own. Attach, drop or paste; a message that is sent early waits for its
            files.
          </p>
          {messages.length > 0 && (
            <ol className="messages" aria-label="Messages">
              {messages.map((message) => (
                <Sent key={message.key} message={message} />
              ))}
            </ol>
          )}
          <Composer onSend={(message) => setMessages((sent) => [...sent, { ...message, key: sent.length }])} />
        </section>
        <Code samples={composerSamples} />
      </div>
    </UploadsProvider>
  )
}

function Sent({ message: { text, files } }: { message: Message }) {
  return (
    <li>
      {text && <p dir="auto">{text}</p>}
      {files.map(({ fileId, name }) => (
        <p key={fileId} className="sent-file">
          <bdi dir="auto">{name}</bdi> <code>{fileId}</code>
        </p>
      ))}
    </li>
  )
}

function Composer({ onSend }: { onSend: (message: { text: string; files: readonly UploadedFile[] }) => void }) {
  const [text, setText] = useState('')
  const [files, setFiles] = useState<readonly UploadedFile[]>([])
  const list = useRef<UploadsHandle>(null)
  useUploadGuards()
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '' && files.length === 0) return
    onSend({ text: text.trim(), files })
    setText('')
    setFiles([])
  }
  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }
  return (
    <form onSubmit={send}>
      <div className="samples">
        <button type="button" onClick={() => void samplePicture().then((file) => list.current?.addFiles([file]))}>
          Try a picture
        </button>
        <button type="button" onClick={() => list.current?.addFiles([sampleFile(25e6, 'user_data')])}>
          Try 25 MB
        </button>
      </div>
      <Uploads.Root
        ref={list}
        purpose="user_data"
        value={files}
        onValueChange={setFiles}
        maxFiles={6}
        submitWhilePending="wait"
        aria-label="Attachments"
      >
        <Uploads.Dropzone className="composer" onClick={keepPickerShut}>
          <Uploads.List className="chips">{(id) => <Chip key={id} id={id} />}</Uploads.List>
          <textarea
            aria-label="Message"
            placeholder="Message"
            rows={2}
            value={text}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={sendOnEnter}
          />
          <div className="composer-actions">
            <Uploads.Trigger>Attach</Uploads.Trigger>
            <Uploads.FormError className="composer-note" />
            <button type="submit" className="primary">
              Send
            </button>
          </div>
        </Uploads.Dropzone>
        <Uploads.Rejections className="composer-refused" />
      </Uploads.Root>
    </form>
  )
}

function Chip({ id }: { id: string }) {
  return (
    <Uploads.Item id={id} className="chip">
      <Uploads.ItemThumbnail className="chip-picture">
        <Sheet />
      </Uploads.ItemThumbnail>
      <span className="chip-words">
        <Uploads.ItemName className="chip-name" />
        <Uploads.ItemActivity className="chip-activity" />
      </span>
      <span className="chip-actions">
        <Uploads.ItemRetry />
        <Uploads.ItemCancel />
        <Uploads.ItemRemove />
      </span>
      <Uploads.ItemProgress className="chip-bar" />
    </Uploads.Item>
  )
}

/** A press beside the buttons is meant for the message; without this, it would choose files, as in a dropzone. */
function keepPickerShut(event: MouseEvent) {
  if (event.target instanceof Element && !event.target.closest('button')) event.preventDefault()
}

function Sheet() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M7 4h7l4 4v12H7zM14 4v4h4" />
    </svg>
  )
}
