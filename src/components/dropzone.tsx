'use client'
import {
  type ComponentPropsWithoutRef,
  type DragEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useDropzone as useReactDropzone } from 'react-dropzone'
import { type DragVerdict, dragVerdict } from './drag-verdict.js'
import { fullText, obstacleText } from './drop-hint.js'
import { filesOf } from './dropped-files.js'
import { DropzoneContext, type DropzoneRenderState, type DropzoneState } from './dropzone-context.js'
import { roomTaken } from './intake.js'
import { labelText } from './label.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useRootState } from './root-context.js'
import { uploadsOf } from './root-store.js'
import { useFull } from './trigger.js'
import { useFormMessage } from './use-form-message.js'
import { useLatest } from './use-latest.js'

interface DropzoneExtra {
  children?: ReactNode | ((state: DropzoneRenderState) => ReactNode)
}

export type DropzoneProps = PartProps<'div', DropzoneState, DropzoneExtra>

// What takes longer than this is worth hearing of.
const SAID_AFTER_MS = 1000

/**
 * Takes files that are dropped, pasted, or chosen by a press anywhere in it; folders are walked.
 * A group that is no stop of the keyboard itself: its Trigger is. Renders a `div`, and nothing in a list to look at.
 */
export const Dropzone = /* @__PURE__ */ createPart<'div', DropzoneState, DropzoneExtra>(
  'dropzone',
  'div',
  function useDropzonePart({ children, ...given }) {
    const root = useRoot()
    const { store, uploader, wording, limits, readOnly, formRules, validates, takeIn } = root
    const { required } = formRules
    const disabled = root.disabled || readOnly
    const full = useFull()
    const { invalid } = useFormMessage()
    const reading = useRootState((state) => state.reading)
    const [verdict, setVerdict] = useState<DragVerdict | null>(null)
    const dropzone = useReactDropzone({
      disabled: disabled || readOnly,
      multiple: root.multiple,
      // A person's keys and presses are handled here: the root is no control, and its Trigger is a real button.
      noClick: true,
      noKeyboard: true,
      getFilesFromEvent: async (event) => filesOf(event, root),
      // Ours are the checks that count; theirs would sort the files a second way.
      onDrop: (accepted, rejected) => takeIn([...accepted, ...rejected.map(({ file }) => file)]),
    })
    const { open, isDragActive, isDragGlobal } = dropzone
    const state: DropzoneState = {
      drag: isDragActive ? (verdict?.drag ?? 'unknown') : undefined,
      dragging: isDragGlobal,
      reading: reading !== null,
      full,
      disabled,
      invalid,
      required,
    }

    useEffect(() => {
      if (readOnly) return undefined
      store.setOpen(open)
      return () => store.setOpen(null)
    }, [store, open, readOnly])
    useAnnounced(state.reading, SAID_AFTER_MS, wording.messages.announceReading)
    useAnnounced(full, 0, fullText(root))

    const own = dropzone.getRootProps({
      role: 'group',
      'aria-label': labelText(root),
      onClick: (event: MouseEvent) => {
        if (!disabled && !full && !isInteractive(event)) open()
      },
      onDragEnter: (event: DragEvent) => {
        const taken = roomTaken(uploadsOf(store, uploader), limits)
        const dragged = dragVerdict(event.dataTransfer, limits, taken, validates)
        setVerdict(dragged)
        if (!isDragActive && crosses(event))
          store.say('assertive', obstacleText(dragged, full, root) ?? wording.messages.announceDragOver)
      },
      onDragLeave: (event: DragEvent) => {
        if (crosses(event)) store.say('assertive', wording.messages.announceDragLeft)
      },
    }) as object as Omit<ComponentPropsWithoutRef<'div'>, 'style' | 'className'> & { ref: Ref<HTMLDivElement> }
    const { ref, ...ownProps } = own
    const input = dropzone.getInputProps({
      ...(root.accept && { accept: root.accept }),
      capture: root.capture,
      'aria-hidden': true,
      'aria-label': wording.messages.chooseFiles,
      // Only a tool of the button: never a stop, never in a form.
      style: { display: 'none' },
    })
    const { drag, dragging } = state
    const [count, fits, room] = [verdict?.count ?? null, verdict?.fits ?? null, verdict?.room ?? null]
    const found = reading?.found ?? null
    const isReading = state.reading
    const context = useMemo(
      () => ({
        open,
        state: { drag, dragging, reading: isReading, full, disabled, invalid, required, count, fits, room, found },
      }),
      [open, drag, dragging, isReading, full, disabled, invalid, required, count, fits, room, found],
    )
    if (readOnly) return null
    const content = typeof children === 'function' ? children(context.state) : children
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

/** Says something each time that it becomes true, once it has been for `delay` ms; not what was so from the start. */
function useAnnounced(isTrue: boolean, delay: number, text: string): void {
  const { store } = useRoot()
  const textRef = useLatest(text)
  const isNewsRef = useRef(false)
  useEffect(() => {
    const isNews = isTrue && isNewsRef.current
    isNewsRef.current = true
    if (!isNews) return undefined
    const timer = setTimeout(() => store.say('polite', textRef.current), delay)
    return () => clearTimeout(timer)
  }, [store, isTrue, delay, textRef])
}

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
