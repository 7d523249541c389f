'use client'
import {
  type ComponentPropsWithoutRef,
  type DragEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { useDropzone as useReactDropzone } from 'react-dropzone'
import { type Drag, dragVerdict } from './drag-verdict.js'
import { DropzoneContext } from './dropzone-context.js'
import { roomTaken } from './intake.js'
import { createPart, type PartProps } from './part.js'
import { uploadsOf, useRoot, useRootState } from './root-context.js'
import { useFull } from './trigger.js'
import { useFormMessage } from './use-form-message.js'

export interface DropzoneState {
  /** While files are over it: whether they can be added, as far as can be known. */
  drag: Drag | undefined
  /** Files are being dragged somewhere over the page. */
  dragging: boolean
  /** Files are being read or checked. */
  reading: boolean
  full: boolean
  disabled: boolean
  /** The form was refused because of this list, or the app says that it is wrong. */
  invalid: boolean
}

/** How many files are dragged, for words; null where the browser does not say. */
export interface DropzoneRenderState extends DropzoneState {
  count: number | null
}

interface DropzoneExtra {
  children?: ReactNode | ((state: DropzoneRenderState) => ReactNode)
}

export type DropzoneProps = PartProps<'div', DropzoneState, DropzoneExtra>

/**
 * Takes files that are dropped, pasted, or chosen by a press anywhere in it; folders are walked.
 * A group that is no stop of the keyboard itself: its Trigger is. Renders a `div`.
 */
export const Dropzone = /* @__PURE__ */ createPart<'div', DropzoneState, DropzoneExtra>(
  'dropzone',
  'div',
  function useDropzonePart({ children, ...given }) {
    const root = useRoot()
    const { store, uploader, wording, limits, disabled, readOnly, validates, takeIn } = root
    const full = useFull()
    const { invalid } = useFormMessage()
    const checking = useRootState((state) => state.reading)
    const [verdict, setVerdict] = useState<{ drag: Drag; count: number | null } | null>(null)
    const dropzone = useReactDropzone({
      disabled: disabled || readOnly,
      multiple: root.multiple,
      // A person's keys and presses are handled here: the root is no control, and its Trigger is a real button.
      noClick: true,
      noKeyboard: true,
      // Ours are the checks that count; theirs would sort the files a second way.
      onDrop: (accepted, rejected) => takeIn([...accepted, ...rejected.map(({ file }) => file)]),
    })
    const { open, isDragActive, isDragGlobal, isProcessing } = dropzone
    const reading = checking || isProcessing
    const state = {
      drag: isDragActive ? (verdict?.drag ?? 'unknown') : undefined,
      dragging: isDragGlobal,
      reading,
      full,
      disabled,
      invalid,
    }

    useEffect(() => {
      store.setOpen(open)
      return () => store.setOpen(null)
    }, [store, open])

    const context = useMemo(() => ({ open }), [open])
    const own = dropzone.getRootProps({
      role: 'group',
      'aria-label': wording.messages.dropzone,
      onClick: (event: MouseEvent) => {
        if (!disabled && !full && !isInteractive(event)) open()
      },
      onDragEnter: (event: DragEvent) => {
        const taken = roomTaken(uploadsOf(store, uploader), limits)
        setVerdict(dragVerdict(event.dataTransfer, limits, taken, validates))
        if (!isDragActive && crosses(event)) store.say('assertive', wording.messages.announceDragOver)
      },
      onDragLeave: (event: DragEvent) => {
        if (crosses(event)) store.say('assertive', wording.messages.announceDragLeft)
      },
      onDrop: (event: DragEvent) => {
        // A second drop would throw away the one that is still being read.
        if (!isProcessing) return
        event.preventDefault()
        event.stopPropagation()
      },
    }) as object as Omit<ComponentPropsWithoutRef<'div'>, 'style' | 'className'> & { ref: Ref<HTMLDivElement> }
    if (readOnly) return null
    const { ref, ...ownProps } = own
    const input = dropzone.getInputProps({
      ...(root.accept && { accept: root.accept }),
      'aria-hidden': true,
      'aria-label': wording.messages.chooseFiles,
      // Only a tool of the button: never a stop, never in a form.
      style: { display: 'none' },
    })
    const content = typeof children === 'function' ? children({ ...state, count: verdict?.count ?? null }) : children
    return {
      state,
      own: {
        ...ownProps,
        children: (
          <DropzoneContext.Provider value={context}>
            <input {...input} />
            {content}
          </DropzoneContext.Provider>
        ),
      },
      given,
      ref,
    }
  },
)

const INTERACTIVE = 'a,button,input,select,textarea,label,summary,[contenteditable],[tabindex],[role="button"]'

/** A press on a control in the dropzone is meant for the control. */
function isInteractive({ target, currentTarget }: MouseEvent): boolean {
  const control = target instanceof Element ? target.closest(INTERACTIVE) : null
  return control !== null && control !== currentTarget && currentTarget.contains(control)
}

/** Whether a drag comes into or leaves the dropzone, rather than one of the elements in it. */
function crosses({ relatedTarget, currentTarget }: DragEvent): boolean {
  return !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
}
