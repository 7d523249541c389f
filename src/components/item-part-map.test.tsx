import { act, render, screen, waitFor } from '@testing-library/react'
import { createRef } from 'react'
import { describe, expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { Item, ItemPartMap, List, Root } from './index.js'
import type { RootProps } from './root.js'
import type { UploadsHandle } from './use-uploads-handle.js'

function setUp(props: Partial<RootProps> = {}, partSize = 100) {
  const fakes = createFakeUploads({ clock: 'real' })
  const handle = createRef<UploadsHandle>()
  let draws = 0
  render(
    <Root
      ref={handle}
      fetcher={fakes.fetcher}
      uploaderOptions={{ partSize, checksum: 'off', concurrency: 4, retry: { baseDelay: 1, maxDelay: 2 } }}
      purpose="user_data"
      locale="en"
      {...props}
    >
      <List>
        {(id) => (
          <Item id={id}>
            <ItemPartMap
              style={() => {
                draws += 1
                return undefined
              }}
            />
          </Item>
        )}
      </List>
    </Root>,
  )
  return {
    fakes,
    draws: () => draws,
    add: (bytes: number) => act(() => handle.current?.addFiles([makeFile('a', bytes)])),
  }
}

const label = () => screen.getByRole('img').getAttribute('aria-label')

describe('ItemPartMap', () => {
  it('says in a sentence what it shows: accepted, on their way, and how many of those once more', async () => {
    const { fakes, add } = setUp()
    fakes.faults.add({ call: 'addPart', after: 5, respond: { status: 502 } })
    fakes.faults.add({ call: 'addPart', after: 5, until: new Promise(() => {}), times: Number.POSITIVE_INFINITY })
    add(1000)
    await waitFor(() => expect(label()).toMatch(/^5 of 10 parts accepted, 4 sending, 1 of them once more$/))
    expect(screen.getByRole('img').querySelector('[data-part="accepted"]')).toHaveAttribute('d')
  })

  it('is a picture of the finished file as well, and none of a file that came from elsewhere', async () => {
    const { add } = setUp({ defaultValue: [{ fileId: 'file-old', uploadId: null, name: 'old.txt', bytes: 10 }] })
    expect(screen.queryByRole('img')).toBeNull()
    add(950)
    await waitFor(() => expect(label()).toBe('10 of 10 parts accepted'))
  })

  it('has as many elements for 2,048 parts as for 4, and draws no oftener than the store reports', async () => {
    const elements = async (bytes: number, progressInterval: number) => {
      const { add, draws } = setUp({ uploaderOptions: { partSize: 10, checksum: 'off', progressInterval } })
      add(bytes)
      await waitFor(
        () =>
          expect(label()).toBe(
            `${(bytes / 10).toLocaleString('en')} of ${(bytes / 10).toLocaleString('en')} parts accepted`,
          ),
        {
          timeout: 20_000,
        },
      )
      const count = screen.getByRole('img').querySelectorAll('*').length
      document.body.replaceChildren()
      return { count, draws: draws() }
    }
    const few = await elements(40, 60_000)
    const many = await elements(20_480, 60_000)
    expect(many.count).toBe(few.count)
    // Progress is never due: only the changes of status are drawn.
    expect(many.draws).toBeLessThanOrEqual(few.draws + 2)
  }, 30_000)
})
