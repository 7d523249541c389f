import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ComponentProps } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { Uploads } from '../src/index.js'
import { choose, file, rowOf, useScriptedUploader } from './scene.js'

function OwnButton(props: ComponentProps<'button'>) {
  return <button {...props} className="own-button" />
}

function OwnHeading({ children, ...props }: ComponentProps<'h3'>) {
  return <h3 {...props}>{children}</h3>
}

/** The unstyled parts with an app's own elements and styles. */
function OwnTable({ undoFor = 0 }: { undoFor?: number }) {
  const uploader = useScriptedUploader({ scripts: { 'held.csv': { holdAfter: 5 } } })
  return (
    <Uploads.Root uploader={uploader} purpose="user_data" locale="en">
      <Uploads.Dropzone
        style={({ drag }) => ({ padding: 24, border: `2px ${drag ? 'solid' : 'dotted'} currentColor` })}
      >
        <Uploads.Trigger render={<OwnButton />}>Pick your files</Uploads.Trigger> <Uploads.Limits render={<small />} />
      </Uploads.Dropzone>
      <Uploads.Summary render={<OwnHeading />} />
      <Uploads.List style={{ padding: 0, listStyle: 'none', display: 'grid', gap: 16 }}>
        {(id) => (
          <Uploads.Item id={id}>
            <Uploads.ItemName style={{ fontWeight: 700 }} /> (<Uploads.ItemStatus />)
            <Uploads.ItemProgress
              style={{
                blockSize: 12,
                marginBlock: 4,
                border: '1px solid',
                background: 'linear-gradient(to right, var(--ou-ledger))',
              }}
            />
            <Uploads.ItemActivity />
            <Uploads.ItemError />
            <Uploads.ItemPause /> <Uploads.ItemCancel undoFor={undoFor} /> <Uploads.ItemRetry /> <Uploads.ItemRemove />
          </Uploads.Item>
        )}
      </Uploads.List>
      <Uploads.Rejections />
    </Uploads.Root>
  )
}

const meta = { title: 'Composition', component: OwnTable } satisfies Meta<typeof OwnTable>
export default meta
type Story = StoryObj<typeof meta>

export const UnstyledParts: Story = {
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button', { name: 'Pick your files' })
    await expect(button).toHaveClass('own-button')
    await expect(button).toHaveAttribute('data-slot', 'upload-trigger')
    await choose(canvasElement, file('held.csv'), file('done.csv'))
    await rowOf(canvasElement, 'done.csv', 'completed')
    await rowOf(canvasElement, 'held.csv', 'uploading')
    await expect(within(canvasElement).getByRole('heading')).toHaveTextContent(/^Uploading 2 of 2 files/)
  },
}

/** Focus goes to the next row, the previous one, and at last to the Trigger: never to the body. */
export const FocusAfterRemove: Story = {
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'), file('three.csv'))
    const canvas = within(canvasElement)
    await rowOf(canvasElement, 'one.csv', 'completed')
    await rowOf(canvasElement, 'three.csv', 'completed')
    await rowOf(canvasElement, 'two.csv', 'completed')
    await userEvent.click(canvas.getByRole('button', { name: 'Remove two.csv' }))
    await waitFor(() => expect(canvas.getByText('three.csv').closest('li')).toHaveFocus())
    await userEvent.click(canvas.getByRole('button', { name: 'Remove three.csv' }))
    await waitFor(() => expect(canvas.getByText('one.csv').closest('li')).toHaveFocus())
    await userEvent.click(canvas.getByRole('button', { name: 'Remove one.csv' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Pick your files' })).toHaveFocus())
  },
}
