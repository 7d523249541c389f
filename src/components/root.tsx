'use client'
import {
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useCallback,
  useId,
  useMemo,
  useState,
} from 'react'
import { acceptOfPurpose, MAX_UPLOAD_BYTES } from '../core/index.js'
import { UploadsProvider, type UploadsProviderProps, useUploader, useUploadPolicy } from '../react/index.js'
import { Announcer } from './announcer.js'
import type { Limits } from './error-text.js'
import { FormControl } from './form-control.js'
import { type TakeInOptions, takeIn } from './intake.js'
import { keptSnapshot } from './kept-snapshot.js'
import { Paces } from './pace.js'
import { createPart, type PartProps } from './part.js'
import { QueuePositions } from './queue-positions.js'
import { RootContext, type RootContextValue, useRoot } from './root-context.js'
import type { Connection, RootOptions } from './root-options.js'
import { RootStore } from './root-store.js'
import { RootUploads } from './root-uploads.js'
import { type FormValue, listOf, type UploadedFile, uploadedFileOf } from './uploaded-file.js'
import { useAsks } from './use-asks.js'
import { useFieldsetDisabled } from './use-fieldset-disabled.js'
import { useLatest } from './use-latest.js'
import { usePageLanguage } from './use-page-language.js'
import { useRestored } from './use-restored.js'
import { useRootCallbacks } from './use-root-callbacks.js'
import { type UploadsHandle, useUploadsHandle } from './use-uploads-handle.js'
import { createWording } from './wording.js'

export interface RootState {
  disabled: boolean
  readonly: boolean
  /** As the app says it; Dropzone and Trigger also know when the form was refused. */
  invalid: boolean
}

export type RootProps<Multiple extends boolean = true> = PartProps<'div', RootState, RootOptions<Multiple>>

/** A component whose value is a list, or one file with `multiple={false}`. */
export interface RootComponent {
  <Multiple extends boolean = true>(props: RootProps<Multiple> & RefAttributes<UploadsHandle>): ReactElement | null
  displayName?: string
}

type AnyRootProps = RootProps<boolean>

/** Holds a list of uploads and everything that decides over it. Renders a `div`; its ref is an UploadsHandle. */
export const Root = forwardRef<UploadsHandle, AnyRootProps>(function Root(
  { endpoint, fetcher, uploader, headers, credentials, resumeKey, uploaderOptions, ...props },
  ref,
) {
  const list = <RootList {...props} ref={ref} />
  if (endpoint === undefined && fetcher === undefined && uploader === undefined) return list
  const connection = definedOf({ endpoint, fetcher, uploader, headers, credentials, resumeKey, uploaderOptions })
  // Which one of the three it is was just checked; the type cannot follow.
  return <UploadsProvider {...(connection as unknown as UploadsProviderProps)}>{list}</UploadsProvider>
}) as RootComponent

type ListProps = Omit<AnyRootProps, keyof Connection>

const RootList = forwardRef<UploadsHandle, ListProps>(function RootList(props, ref) {
  const { root, rest } = useRootValue(props)
  useUploadsHandle(ref, root)
  const { announcements = 'milestones', children, name, form, onInvalid, onReset, ...given } = rest
  return (
    <RootContext.Provider value={root}>
      <RootElement {...given}>
        {children}
        <FormControl name={name} form={form} onInvalid={onInvalid} onReset={onReset} />
        {announcements !== 'off' && <Announcer verbosity={announcements} />}
      </RootElement>
    </RootContext.Provider>
  )
})

const RootElement = /* @__PURE__ */ createPart<'div', RootState, { children?: ReactNode }>(
  'root',
  'div',
  function useRootElement(given) {
    const { store, disabled, readOnly, invalid } = useRoot()
    const state = { disabled, readonly: readOnly, invalid: invalid !== false && invalid !== '' }
    return { state, own: {}, given, ref: store.setElement }
  },
)

function useRootValue(props: ListProps) {
  const { add, uploader } = useUploader()
  const policy = useUploadPolicy()
  const {
    purpose,
    expiresAfter,
    metadata,
    getUploadOptions,
    accept,
    capture,
    minSize,
    maxSize,
    maxFiles,
    multiple = true,
    disabled: ownDisabled = false,
    disabledReason = null,
    readOnly = false,
    required = false,
    invalid = false,
    submitWhilePending = 'block',
    label = null,
    confirmCancel,
    onSignIn,
    onDelete,
    validate,
    initialFiles,
    value: givenValue,
    defaultValue: givenDefault,
    onValueChange,
    onAdd,
    onReject,
    onProgress,
    onComplete,
    onError,
    onCancel,
    messages,
    locale,
    foldAbove = Number.POSITIVE_INFINITY,
    ...rest
  } = props
  const value = useMemo(() => listOf(givenValue), [givenValue])
  const defaultValue = () => listOf(givenDefault) ?? (initialFiles ?? []).map((file) => uploadedFileOf(file))
  const [store] = useState(() => {
    const known = new Map((initialFiles ?? []).map((fileObject) => [fileObject.id, fileObject]))
    const made = new RootStore()
    const files = value ?? defaultValue()
    made.setValue(files)
    made.keep(files.map((file) => keptSnapshot(file, purpose ?? '', known.get(file.fileId))))
    return made
  })
  const disabled = useFieldsetDisabled(store) || ownDisabled
  const uploads = useMemo(() => new RootUploads(store, uploader, foldAbove), [store, uploader, foldAbove])
  const paces = useMemo(() => new Paces(uploader), [uploader])
  const positions = useMemo(() => new QueuePositions(uploader, paces), [uploader, paces])
  const language = usePageLanguage(locale)
  const wording = useMemo(() => createWording(messages, language), [messages, language])
  const most = multiple ? (maxFiles ?? null) : 1
  const several = most !== 1
  // As text, so that a list written in place is not a new one each time.
  const acceptText = typeof accept === 'string' ? accept : accept?.join(',')
  const policyTypes = policy?.accept?.join(',')
  const limits = useMemo((): Limits => {
    const types = acceptText ?? policyTypes ?? (purpose && acceptOfPurpose(purpose)?.join(','))
    const mostBytes = policy?.maxBytes ?? MAX_UPLOAD_BYTES
    return {
      max: Math.min(mostBytes, maxSize ?? mostBytes),
      min: minSize ?? null,
      accept: types ? typesOf(types) : null,
      maxFiles: most,
    }
  }, [acceptText, policyTypes, purpose, maxSize, policy?.maxBytes, minSize, most])

  const toApp = (files: readonly UploadedFile[]) =>
    // What `Multiple` says of the type is what `multiple` says of the value.
    onValueChange?.((multiple ? files : (files.at(-1) ?? null)) as FormValue<boolean> & FormValue<true>)
  const { remove, reset } = useRootCallbacks(
    { store, uploader, uploads, value, purpose },
    { onValueChange: toApp, onProgress, onComplete, onError, onCancel },
  )
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
    remove,
    onAdd,
    onReject,
  })
  const takeInFiles = useCallback(
    (files: readonly File[], options?: TakeInOptions) => {
      if (files.length > 0) takeIn(files, () => intakeRef.current, options)
    },
    [intakeRef],
  )
  useRestored(store, uploader, purpose)

  const asks = useAsks({ confirmCancel, onSignIn, onDelete })
  const limitsId = useId()
  const formErrorId = useId()
  const formRules = useMemo(() => ({ required, submitWhilePending }), [required, submitWhilePending])
  const validates = validate !== undefined
  const root = useMemo(
    (): RootContextValue => ({
      store,
      uploader,
      uploads,
      paces,
      positions,
      wording,
      limits,
      accept: limits.accept?.join(',') ?? '',
      multiple: several,
      capture,
      disabled,
      disabledReason,
      readOnly,
      formRules,
      invalid,
      label,
      validates,
      limitsId,
      formErrorId,
      takeIn: takeInFiles,
      remove,
      asks,
    }),
    [
      store,
      uploader,
      uploads,
      paces,
      positions,
      wording,
      limits,
      several,
      capture,
      disabled,
      disabledReason,
      readOnly,
      formRules,
      invalid,
      label,
      validates,
      limitsId,
      formErrorId,
      takeInFiles,
      remove,
      asks,
    ],
  )
  return { root, rest: { ...rest, onReset: () => reset(defaultValue()) } }
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
