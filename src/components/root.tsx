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
import { acceptOfPurpose, MAX_UPLOAD_BYTES } from '../core/index.js'
import { UploadsProvider, type UploadsProviderProps, useUploader, useUploadPolicy } from '../react/index.js'
import { Announcer } from './announcer.js'
import type { Limits } from './error-text.js'
import { type TakeInOptions, takeIn } from './intake.js'
import { Paces } from './pace.js'
import { createPart, type PartProps } from './part.js'
import { RootContext, type RootContextValue } from './root-context.js'
import type { Connection, RootOptions } from './root-options.js'
import { keptSnapshot, RootStore } from './root-store.js'
import { useAsks } from './use-asks.js'
import { useLatest } from './use-latest.js'
import { usePageLanguage } from './use-page-language.js'
import { useRestored } from './use-restored.js'
import { useRootCallbacks } from './use-root-callbacks.js'
import { createWording } from './wording.js'

export interface RootState {
  disabled: boolean
  readonly: boolean
  invalid: boolean
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
      <RootElement
        {...given}
        disabled={root.disabled}
        readonly={root.readOnly}
        invalid={root.invalid !== false}
        ref={ref}
      >
        {children}
        {announcements !== 'off' && <Announcer verbosity={announcements} />}
      </RootElement>
    </RootContext.Provider>
  )
})

const RootElement = /* @__PURE__ */ createPart<'div', RootState, RootState & { children?: ReactNode }>(
  'root',
  'div',
  ({ disabled, readonly, invalid, ...given }) => ({ state: { disabled, readonly, invalid }, own: {}, given }),
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
    disabledReason = null,
    readOnly = false,
    invalid = false,
    required = false,
    label = null,
    confirmCancel,
    onSignIn,
    onDelete,
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
  const paces = useMemo(() => new Paces(uploader), [uploader])
  const language = usePageLanguage(locale)
  const wording = useMemo(() => createWording(messages, language), [messages, language])
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
    (files: readonly File[], options?: TakeInOptions) => {
      if (files.length > 0) takeIn(files, () => intakeRef.current, options)
    },
    [intakeRef],
  )
  useRestored(store, uploader, purpose)
  const remove = useRootCallbacks(
    { store, uploader, value },
    { onValueChange, onProgress, onComplete, onError, onCancel },
  )

  const asks = useAsks({ confirmCancel, onSignIn, onDelete })
  const limitsId = useId()
  const validates = validate !== undefined
  const root = useMemo(
    (): RootContextValue => ({
      store,
      uploader,
      paces,
      wording,
      limits,
      accept: limits.accept?.join(',') ?? '',
      multiple,
      disabled,
      disabledReason,
      readOnly,
      invalid,
      required,
      label,
      validates,
      limitsId,
      takeIn: takeInFiles,
      remove,
      asks,
    }),
    [
      store,
      uploader,
      paces,
      wording,
      limits,
      multiple,
      disabled,
      disabledReason,
      readOnly,
      invalid,
      required,
      label,
      validates,
      limitsId,
      takeInFiles,
      remove,
      asks,
    ],
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
