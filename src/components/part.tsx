'use client'
import {
  type ComponentPropsWithoutRef,
  type CSSProperties,
  cloneElement,
  createElement,
  type ForwardRefExoticComponent,
  forwardRef,
  type HTMLAttributes,
  isValidElement,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefAttributes,
  type RefCallback,
  useMemo,
  version,
} from 'react'

export type PartTag = 'div' | 'span' | 'button' | 'ul' | 'li' | 'details' | 'p'

/** What a part is in: each entry becomes a `data-` attribute, present when true, absent when false or undefined. */
export type PartState = object

/** Props that a part hands to `render`. */
export interface PartElementProps extends HTMLAttributes<HTMLElement> {
  ref?: RefCallback<Element>
  [data: `data-${string}`]: unknown
}

export interface PartOwnProps<State extends PartState> {
  className?: string | undefined | ((state: State) => string | undefined)
  style?: CSSProperties | undefined | ((state: State) => CSSProperties | undefined)
  /** Another element in place of the part's own; it gets the part's props and ref. */
  render?: ReactElement | undefined | ((props: PartElementProps, state: State) => ReactElement)
  /** Makes the one child the part's element, as `render={<Child />}` does; what is in the child stays in it. */
  asChild?: boolean | undefined
}

/** Props of a part: its element's own, those every part takes, and `Extra`. */
export type PartProps<Tag extends PartTag, State extends PartState, Extra extends object = object> = Omit<
  ComponentPropsWithoutRef<Tag>,
  keyof PartOwnProps<State> | keyof Extra
> &
  PartOwnProps<State> &
  Extra

export type PartComponent<
  Tag extends PartTag,
  State extends PartState,
  Extra extends object = object,
> = ForwardRefExoticComponent<PartProps<Tag, State, Extra> & RefAttributes<HTMLElementTagNameMap[Tag]>>

/** What a part says about itself; `given` are the user's props without those that only the part reads. */
export interface PartDescription<Tag extends PartTag, State extends PartState> {
  state: State
  own: Omit<ComponentPropsWithoutRef<Tag>, 'style' | 'className'> & {
    style?: Record<string, string | number>
    [data: `data-${string}`]: unknown
  }
  given: object
  ref?: Ref<HTMLElementTagNameMap[Tag]>
}

/**
 * Makes a part: one element with `data-slot`, its state as `data-` attributes, and the user's props, handlers, ref and
 * `render` merged into it. `usePart` describes it; null is "makes no sense now", and nothing is rendered.
 */
export function createPart<Tag extends PartTag, State extends PartState, Extra extends object = object>(
  name: string,
  tag: Tag,
  usePart: (props: PartProps<Tag, State, Extra>) => PartDescription<Tag, State> | null,
): PartComponent<Tag, State, Extra> {
  type Props = PartProps<Tag, State, Extra>

  const Part = forwardRef<HTMLElement, Props>(function Part(given, forwardedRef) {
    const props = adopt(given as PartOwnProps<State>)
    const { render } = props
    const part = usePart(props as Props)
    const ref = useMergedRefs(forwardedRef, part?.ref as Ref<HTMLElement> | undefined, refOf(render))
    if (!part) return null
    const { state, own, given: ofUser } = part
    const { className, style, render: _, ...rest } = ofUser as PartOwnProps<State>
    const elementProps: PartElementProps = {
      ...(tag === 'button' && { type: 'button' }),
      ...mergeProps(own, rest),
      ...dataOf(state),
      'data-slot': `upload-${name}`,
      ...(ref && { ref }),
    }
    const classNameNow = typeof className === 'function' ? className(state) : className
    const styleNow = { ...own.style, ...(typeof style === 'function' ? style(state) : style) }
    if (classNameNow) elementProps.className = classNameNow
    if (Object.keys(styleNow).length > 0) elementProps.style = styleNow
    if (typeof render === 'function') return render(elementProps, state)
    if (!isValidElement<Record<string, unknown>>(render)) return createElement(tag, elementProps)
    const theirs = (given as PartOwnProps<State>).asChild ? { ...render.props, children: undefined } : render.props
    return cloneElement(render, mergeProps(elementProps as Record<string, unknown>, theirs))
  })
  Part.displayName = `Uploads.${name}`
  return Part as unknown as PartComponent<Tag, State, Extra>
}

/** What is in the one child of `asChild` becomes the content of the part, which may add to it. */
function adopt<Props extends PartOwnProps<never>>({ asChild, ...props }: Props): Omit<Props, 'asChild'> {
  const { children: child } = props as { children?: unknown }
  if (!asChild || !isValidElement<{ children?: ReactNode }>(child)) return props
  return { ...props, render: child, children: child.props.children }
}

function dataOf(state: object): Record<`data-${string}`, unknown> {
  const data: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(state)) {
    if (value === true) data[`data-${key}`] = ''
    else if (value !== false && value !== undefined && value !== null) data[`data-${key}`] = value
  }
  return data
}

/**
 * `theirs` over `ours`: class names joined, styles merged, and handlers composed, theirs first. Ours is skipped when
 * theirs prevented the default, so that an app can take a part's action over.
 */
export function mergeProps<T extends object>(ours: T, theirs: object): T {
  const merged = { ...ours } as Record<string, unknown>
  for (const [key, value] of Object.entries(theirs)) {
    const own = merged[key]
    if (key === 'ref' || value === undefined) continue
    if (key === 'className' && own) merged[key] = `${own as string} ${value as string}`
    else if (key === 'style' && own) merged[key] = { ...own, ...(value as object) }
    else if (/^on[A-Z]/.test(key) && typeof own === 'function' && typeof value === 'function')
      merged[key] = compose(value as Handler, own as Handler)
    else merged[key] = value
  }
  return merged as T
}

type Handler = (event: unknown, ...more: unknown[]) => void

function compose(theirs: Handler, ours: Handler): Handler {
  return (event, ...more) => {
    theirs(event, ...more)
    if (!(event as { defaultPrevented?: boolean } | null)?.defaultPrevented) ours(event, ...more)
  }
}

// REFS

const refIsAProp = Number.parseInt(version, 10) >= 19

/** The ref that an element passed as `render` brings along. */
function refOf(render: unknown): Ref<HTMLElement> | undefined {
  if (!isValidElement<{ ref?: Ref<HTMLElement> }>(render)) return undefined
  // React 19 warns about reading `element.ref`, React 18 has nothing else.
  return refIsAProp ? render.props.ref : (render as unknown as { ref?: Ref<HTMLElement> }).ref
}

function useMergedRefs(
  a: Ref<HTMLElement>,
  b?: Ref<HTMLElement>,
  c?: Ref<HTMLElement>,
): RefCallback<HTMLElement> | null {
  return useMemo(() => {
    const refs = [a, b, c].filter((ref) => ref !== null && ref !== undefined)
    return refs.length === 0 ? null : (node) => attachAll(refs, node)
  }, [a, b, c])
}

function attachAll(refs: readonly Ref<HTMLElement>[], node: HTMLElement | null): void | (() => void) {
  const detach = refs.map((ref) => attach(ref, node))
  // Only React 19 takes a cleanup back, so one is given only where the app itself gave one.
  if (detach.every((cleanup) => cleanup === undefined)) return undefined
  return () => refs.forEach((ref, index) => (detach[index] ?? (() => attach(ref, null)))())
}

function attach(ref: Ref<HTMLElement>, node: HTMLElement | null): (() => void) | undefined {
  if (typeof ref === 'function') return ref(node) as (() => void) | undefined
  if (ref) (ref as { current: HTMLElement | null }).current = node
  return undefined
}
