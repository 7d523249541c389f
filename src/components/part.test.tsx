import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createPart, type PartProps } from './part.js'

interface State {
  phase: string
  open: boolean
  status?: string
}

const pressed = vi.fn()
type Extra = { state: State }
const Part = createPart<'button', State, Extra>(
  'sample',
  'button',
  ({ state, ...given }: PartProps<'button', State, Extra>) =>
    state.phase === 'none'
      ? null
      : { state, own: { children: 'Own', onClick: pressed, style: { '--ou-progress': 0.5 } }, given },
)
const state = { phase: 'uploading', open: true }

describe('a part', () => {
  it('says which part it is and what it is in, and leaves out what is not', () => {
    render(<Part state={{ ...state, open: false }} />)
    const part = screen.getByRole('button')
    expect(part).toHaveAttribute('data-slot', 'upload-sample')
    expect(part).toHaveAttribute('data-phase', 'uploading')
    expect(part).not.toHaveAttribute('data-open')
    expect(part).not.toHaveAttribute('data-status')
    expect(part).toHaveAttribute('type', 'button')
  })

  it('marks what is true by an empty attribute', () => {
    render(<Part state={state} />)
    expect(screen.getByRole('button')).toHaveAttribute('data-open', '')
  })

  it('takes class name and style as a value or as a function of its state', () => {
    render(
      <Part state={state} className={({ phase }) => `is-${phase}`} style={({ open }) => ({ opacity: open ? 1 : 0 })} />,
    )
    const part = screen.getByRole('button')
    expect(part).toHaveClass('is-uploading')
    expect(part.style.opacity).toBe('1')
    expect(part.style.getPropertyValue('--ou-progress')).toBe('0.5')
  })

  it('renders nothing where it makes no sense, and gives the ref back', () => {
    const ref = createRef<HTMLButtonElement>()
    const { rerender } = render(<Part state={state} ref={ref} />)
    expect(ref.current).toBe(screen.getByRole('button'))
    rerender(<Part state={{ ...state, phase: 'none' }} ref={ref} />)
    expect(screen.queryByRole('button')).toBeNull()
    expect(ref.current).toBeNull()
  })

  it('becomes the element of `render`, with props, classes, handlers and both refs merged', async () => {
    const outer = createRef<HTMLButtonElement>()
    const inner = createRef<HTMLAnchorElement>()
    const order: string[] = []
    pressed.mockImplementation(() => order.push('own'))
    render(
      <Part
        state={state}
        ref={outer}
        className="theirs"
        render={
          <a ref={inner} href="#top" className="link" onClick={() => order.push('element')}>
            Theirs
          </a>
        }
      />,
    )
    const link = screen.getByRole('link', { name: 'Theirs' })
    expect(link).toHaveClass('theirs', 'link')
    expect(outer.current).toBe(link)
    expect(inner.current).toBe(link)
    await userEvent.click(link)
    expect(order).toEqual(['element', 'own'])
  })

  it('becomes its one child with `asChild`, and keeps what is in it', async () => {
    pressed.mockReset()
    const inner = createRef<HTMLAnchorElement>()
    render(
      <Part state={state} asChild>
        <a ref={inner} href="#top" className="link">
          Theirs
        </a>
      </Part>,
    )
    const link = screen.getByRole('link', { name: 'Theirs' })
    expect(link).toHaveClass('link')
    expect(link).toHaveAttribute('data-slot', 'upload-sample')
    expect(inner.current).toBe(link)
    await userEvent.click(link)
    expect(pressed).toHaveBeenCalledOnce()
  })

  it('has its own words in an empty child of `asChild`', () => {
    render(
      <Part state={state} asChild>
        <b />
      </Part>,
    )
    expect(screen.getByText('Own').tagName).toBe('B')
  })

  it('hands its props and its state to a `render` function', () => {
    render(<Part state={state} render={(props, { phase }) => <div {...props}>{phase}</div>} />)
    expect(screen.getByText('uploading')).toHaveAttribute('data-slot', 'upload-sample')
  })

  it('leaves its own action out when the app prevents it', async () => {
    pressed.mockReset()
    render(<Part state={state} onClick={(event) => event.preventDefault()} />)
    await userEvent.click(screen.getByRole('button'))
    expect(pressed).not.toHaveBeenCalled()
  })
})
