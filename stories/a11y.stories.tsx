import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { answerPicker, choose, file, files, rowOf, Scene, type SceneProps } from './scene.js'

const meta = { title: 'Accessibility', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const held = { holdAfter: 3 }

/** Everything by keyboard: choose, go on to the rows, pause, cancel, undo, remove, and back. */
export const KeyboardOnly: Story = {
  args: { undoFor: 60_000, scripts: { 'one.csv': held, 'two.csv': held }, engine: { concurrency: 40 } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const button = (name: string) => canvas.getByRole('button', { name })
    await userEvent.tab()
    await expect(button('Choose files')).toHaveFocus()
    answerPicker(file('one.csv'), file('two.csv'), file('three.csv'))
    await userEvent.keyboard('{Enter}')
    await rowOf(canvasElement, 'two.csv', 'uploading')
    await rowOf(canvasElement, 'three.csv', 'completed')
    await expect(button('Add more files')).toHaveFocus()

    const stops = ['Pause all', 'Cancel all', 'Clear finished', 'Pause one.csv', 'Cancel one.csv', 'Pause two.csv']
    for (const name of [...stops, 'Cancel two.csv']) {
      await userEvent.tab()
      await expect(button(name)).toHaveFocus()
    }
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(button('Undo two.csv')).toHaveFocus())
    await userEvent.keyboard(' ')
    await rowOf(canvasElement, 'two.csv', 'uploading')
    await expect(button('Cancel two.csv')).toHaveFocus()
    await userEvent.tab()
    await userEvent.tab()
    await expect(button('Remove three.csv')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByText('two.csv').closest('li')).toHaveFocus())
    await userEvent.tab({ shift: true })
    await expect(button('Cancel one.csv')).toHaveFocus()
    // Does nothing that could be lost.
    await userEvent.keyboard('{Escape}')
    await rowOf(canvasElement, 'one.csv', 'uploading')
  },
}

/** Next row, previous row, Choose files; never the body. */
export const FocusAfterRemove: Story = {
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...files(3))
    const canvas = within(canvasElement)
    const rows = await Promise.all(files(3).map(({ name }) => rowOf(canvasElement, name, 'completed')))
    const remove = (name: string) => userEvent.click(canvas.getByRole('button', { name: `Remove ${name}` }))
    await remove('file-0002.csv')
    await waitFor(() => expect(rows[2]).toHaveFocus())
    await remove('file-0003.csv')
    await waitFor(() => expect(rows[0]).toHaveFocus())
    await remove('file-0001.csv')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveFocus())
  },
}

/** The same button while it is still there, and then the row. */
export const FocusAfterCancel: Story = {
  args: { undoFor: 300, scripts: { 'one.csv': held } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'))
    const row = await rowOf(canvasElement, 'one.csv', 'uploading')
    const button = within(row).getByRole('button', { name: 'Cancel one.csv' })
    // Undo may be over before anybody looks: it is looked at as it comes.
    const had: { words: string | null; focus: boolean }[] = []
    new MutationObserver(() => {
      had.push({ words: button.textContent, focus: document.activeElement === button })
    }).observe(button, { childList: true, characterData: true, subtree: true })
    await userEvent.click(button)
    await rowOf(canvasElement, 'one.csv', 'cancelled')
    await expect(had[0]).toEqual({ words: 'Undo', focus: true })
    await waitFor(() => expect(row).toHaveFocus())
    await userEvent.click(within(row).getByRole('button', { name: 'Upload again one.csv' }))
    await rowOf(canvasElement, 'one.csv', 'uploading')
    await waitFor(() => expect(row).toHaveFocus())
  },
}

/** Everything that is said, as a list to look at. */
function WithLog(props: SceneProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null)
  const [lines, setLines] = useState<readonly { key: number; politeness: string; text: string }[]>([])
  useEffect(() => {
    const regions = [...(ref.current?.querySelectorAll('[aria-live]') ?? [])]
    const observer = new MutationObserver((mutations) => {
      for (const { target, addedNodes } of mutations) {
        const politeness = (target as Element).closest('[aria-live]')?.getAttribute('aria-live') ?? ''
        for (const node of addedNodes)
          setLines((now) => [...now, { key: now.length, politeness, text: node.textContent ?? '' }])
      }
    })
    for (const region of regions) observer.observe(region, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [])
  return (
    <div
      ref={ref}
      style={{ display: 'grid', gap: 24, gridTemplateColumns: 'repeat(auto-fit, minmax(min(22rem, 100%), 1fr))' }}
    >
      <Scene {...props} />
      <section aria-label="Log">
        <h2>What is said</h2>
        <ol>
          {lines.map(({ key, politeness, text }) => (
            <li key={key}>
              <code>{politeness}</code> {text}
            </li>
          ))}
        </ol>
      </section>
    </div>
  )
}

/** A queue of twelve with one failure: added, numbers now and then, and how it ended. */
export const AnnouncementLog: Story = {
  args: { scripts: { 'file-0004.csv': { failAfter: { parts: 0, status: 403 } } }, engine: { concurrency: 2 } },
  render: (args) => <WithLog {...args} />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...files(12))
    const log = within(within(canvasElement).getByRole('region', { name: 'Log' }))
    await expect(await log.findByText('11 uploaded, 1 needs attention.')).toBeVisible()
    await expect(log.getByText('11 uploaded, 1 needs attention.').closest('li')).toHaveTextContent(/^assertive/)
    await expect(log.getAllByRole('listitem').length).toBeLessThanOrEqual(10)
  },
}

/** Tab meets every control once: nothing is reached twice, nothing is skipped. */
export const NoDuplicateTabStops: Story = {
  args: { scripts: { 'one.csv': held, 'two.csv': { failAfter: { parts: 0, status: 403 } } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'), file('three.csv'))
    await rowOf(canvasElement, 'one.csv', 'uploading')
    await rowOf(canvasElement, 'two.csv', 'failed')
    await rowOf(canvasElement, 'three.csv', 'completed')
    await userEvent.click(within(canvasElement).getByText('Details'))
    ;(document.activeElement as HTMLElement).blur()
    const controls = [...canvasElement.querySelectorAll<HTMLElement>('button:not(:disabled), summary')]
    const met: (Element | null)[] = []
    for (const _ of controls) {
      await userEvent.tab()
      met.push(document.activeElement)
    }
    await expect(met).toEqual(controls)
  },
}
