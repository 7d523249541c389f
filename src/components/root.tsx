'use client'
import {
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactNode,
  type RefAttributes,
  useCallback,
  useId,
  useMemo,
  useState,
} from 'react'
import { acceptOfPurpose, MAX_UPLOAD_BYTES, type UploadOptions, type UploadSnapshot } from '../core/index.js'
import type { FileObject, UploadError } from '../protocol/index.js'
import { UploadsProvider, type UploadsProviderProps, useUploader, useUploadPolicy } from '../react/index.js'
import { Announcer, type Verbosity } from './announcer.js'
import type { Limits } from './error-text.js'
import { takeIn, type Validate } from './intake.js'
import type { Messages } from './messages.js'
import { createPart, type PartProps } from './part.js'
import { RootContext, type RootContextValue } from './root-context.js'
import { type FileRejection, keptSnapshot, RootStore } from './root-store.js'
import { useLatest } from './use-latest.js'
import { useRestored } from './use-restored.js'
import { useRootCallbacks } from './use-root-callbacks.js'
import { createWording } from './wording.js'

export interface RootState {
  disabled: boolean
}

/** Where uploads go; without one of the first three, the UploadsProvider above decides. */
type Connection = {
  [Key in 'endpoint' | 'fetcher' | 'uploader' | 'headers' | 'credentials' | 'resumeKey' | 'uploaderOptions']?:
    | UploadsProviderProps[Key]
    | undefined
}

export interface RootOptions extends Connection {
  /** What OpenAI will use the files for; needed here or in the provider's defaults. */
  purpose?: UploadOptions['purpose'] | undefined
  /** Seconds until OpenAI deletes the files: 3600 to 2592000. */
  expiresAfter?: number | undefined
  /** For the backend's hooks; never sent to OpenAI. */
  metadata?: UploadOptions['metadata'] | undefined
  /** Options that differ by file; they win over the ones above. */
  getUploadOptions?: ((file: File) => Partial<UploadOptions>) | undefined
  /** Extensions (`.pdf`), MIME types or ranges (`image/*`): a list, or one string as for an input. @default what the purpose takes */
  accept?: string | readonly string[] | undefined
  /** Bytes. */
  minSize?: number | undefined
  /** Bytes; never above the 8 GiB of the API. */
  maxSize?: number | undefined
  /** Most files in the list; cancelled and expired ones do not count. */
  maxFiles?: number | undefined
  /** Whether more than one file can be in the list. @default true */
  multiple?: boolean | undefined
  disabled?: boolean | undefined
  /** The app's own check, also async: a sentence for the person refuses the file. */
  validate?: Validate | undefined
  /** Files that OpenAI already has, as rows to begin with. */
  initialFiles?: readonly FileObject[] | undefined
  /** Completed files, controlled: a file that is left out leaves the list. */
  value?: readonly FileObject[] | undefined
  defaultValue?: readonly FileObject[] | undefined
  onValueChange?: ((value: readonly FileObject[]) => void) | undefined
  onAdd?: ((uploads: readonly UploadSnapshot[]) => void) | undefined
  onReject?: ((rejections: readonly FileRejection[]) => void) | undefined
  onProgress?: ((upload: UploadSnapshot) => void) | undefined
  onComplete?: ((fileObject: FileObject, upload: UploadSnapshot) => void) | undefined
  /** Failed or expired; `cancelled` is not an error. */
  onError?: ((error: UploadError, upload: UploadSnapshot) => void) | undefined
  onCancel?: ((upload: UploadSnapshot) => void) | undefined
  /** The app's words over the English ones. Keep it outside the component, or every row draws again. */
  messages?: Partial<Messages> | undefined
  /** Language of numbers and times, as a BCP 47 tag. @default the browser's */
  locale?: string | undefined
  /** What is said to screen readers; `off` leaves it to an `Uploads.Announcer` of your own. @default 'milestones' */
  announcements?: Verbosity | 'off' | undefined
}

export type RootProps = PartProps<'div', RootState, RootOptions>

/** Holds a list of uploads and everything that decides over it. Renders a `div`. */
export const Root: ForwardRefExoticComponent<RootProps & RefAttributes<HTMLDivElement>> = forwardRef<
  HTMLDivElement,
  RootProps
>(function Root({ endpoint, fetcher, uploader, headers, credentials, resumeKey, uploaderOptions, ...props }, ref) {
  const list = <RootList {...props} ref={ref} />
  if (endpoint === undefined && fetcher === undefined && uploader === undefined) return list
  const connection = definedOf({ endpoint, fetcher, uploader, headers, credentials, resumeKey, uploaderOptions })
  // Which one of the three it is was just checked; the type cannot follow.
  return <UploadsProvider {...(connection as unknown as UploadsProviderProps)}>{list}</UploadsProvider>
})

const RootList = forwardRef<HTMLDivElement, Omit<RootProps, keyof Connection>>(function RootList(props, ref) {
  const { root, rest } = useRootValue(props)
  const { announcements = 'milestones', children, ...given } = rest
  return (
    <RootContext.Provider value={root}>
      <RootElement {...given} disabled={root.disabled} ref={ref}>
        {children}
        {announcements !== 'off' && <Announcer verbosity={announcements} />}
      </RootElement>
    </RootContext.Provider>
  )
})

const RootElement = /* @__PURE__ */ createPart<'div', RootState, { disabled: boolean; children?: ReactNode }>(
  'root',
  'div',
  ({ disabled, ...given }) => ({ state: { disabled }, own: {}, given }),
)

function useRootValue(props: Omit<RootProps, keyof Connection>) {
  const { add, uploader } = useUploader()
  const policy = useUploadPolicy()
  const {
    purpose,
    expiresAfter,
    metadata,
    getUploadOptions,
    accept,
    minSize,
    maxSize,
    maxFiles,
    multiple = true,
    disabled = false,
    validate,
    initialFiles,
    value,
    defaultValue,
    onValueChange,
    onAdd,
    onReject,
    onProgress,
    onComplete,
    onError,
    onCancel,
    messages,
    locale,
    ...rest
  } = props
  const [store] = useState(() => {
    const kept = new Map((initialFiles ?? []).map((file) => [file.id, keptSnapshot(file)]))
    return new RootStore(kept, value ?? defaultValue ?? initialFiles ?? [])
  })
  const wording = useMemo(() => createWording(messages, locale), [messages, locale])
  const most = multiple ? (maxFiles ?? null) : 1
  // As text, so that a list written in place is not a new one each time.
  const acceptText = typeof accept === 'string' ? accept : accept?.join(',')
  const policyTypes = policy?.accept?.join(',')
  const limits = useMemo((): Limits => {
    const types = acceptText ?? policyTypes ?? (purpose && acceptOfPurpose(purpose)?.join(','))
    return {
      max: Math.min(MAX_UPLOAD_BYTES, maxSize ?? MAX_UPLOAD_BYTES, policy?.maxBytes ?? MAX_UPLOAD_BYTES),
      min: minSize ?? null,
      accept: types ? typesOf(types) : null,
      maxFiles: most,
    }
  }, [acceptText, policyTypes, purpose, maxSize, policy?.maxBytes, minSize, most])

  const intakeRef = useLatest({
    store,
    uploader,
    add,
    options: definedOf({ purpose, expiresAfter, metadata }),
    rules: definedOf({ accept: acceptText === undefined ? undefined : typesOf(acceptText), minSize, maxSize }),
    limits,
    wording,
    validate,
    getUploadOptions,
    onAdd,
    onReject,
  })
  const takeInFiles = useCallback(
    (files: readonly File[]) => {
      if (files.length > 0) takeIn(files, () => intakeRef.current)
    },
    [intakeRef],
  )
  useRestored(store, uploader, purpose)
  const remove = useRootCallbacks(
    { store, uploader, value },
    { onValueChange, onProgress, onComplete, onError, onCancel },
  )

  const limitsId = useId()
  const validates = validate !== undefined
  const root = useMemo(
    (): RootContextValue => ({
      store,
      uploader,
      wording,
      limits,
      accept: limits.accept?.join(',') ?? '',
      multiple,
      disabled,
      validates,
      limitsId,
      takeIn: takeInFiles,
      remove,
    }),
    [store, uploader, wording, limits, multiple, disabled, validates, limitsId, takeInFiles, remove],
  )
  return { root, rest }
}

function typesOf(accept: string): string[] {
  return accept
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without the keys whose value is undefined: leaving an option out is how its default is chosen. */
function definedOf<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>
}
