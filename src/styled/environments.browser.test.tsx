import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { UploadDropzone, type UploadDropzoneProps } from './index.js'
import './styles.css'

interface DevTools {
  send(method: string, params: object): Promise<unknown>
}
const devTools = cdp() as unknown as DevTools
const emulate = (features: { name: string; value: string }[]) =>
  devTools.send('Emulation.setEmulatedMedia', { features })

afterEach(async () => {
  cleanup()
  await emulate([])
  await devTools.send('Emulation.setTouchEmulationEnabled', { enabled: false })
})

async function finishing(props: Partial<UploadDropzoneProps> = {}) {
  const fakes = createFakeUploads({ clock: 'real' })
  fakes.faults.hold('complete')
  const { container } = render(
    <UploadDropzone fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }} purpose="user_data" {...props} />,
  )
  await userEvent.upload(container.querySelector('input[type="file"]') as HTMLElement, makeFile('report.pdf', 1000))
  await waitFor(() => expect(screen.getByRole('listitem').dataset['phase']).toBe('completing'))
  return { container, bar: screen.getByRole('progressbar') }
}

/** The disclosure of a row that was refused. */
async function details(density: 'comfortable' | 'compact') {
  const fakes = createFakeUploads({ clock: 'real' })
  fakes.faults.add({ call: 'create', respond: { status: 403 } })
  const { container } = render(<UploadDropzone fetcher={fakes.fetcher} purpose="user_data" density={density} />)
  await userEvent.upload(container.querySelector('input[type="file"]') as HTMLElement, makeFile('report.pdf', 1000))
  return screen.findByText('Details')
}

const display = (container: HTMLElement, part: string) =>
  getComputedStyle(container.querySelector(`.ou-item ${part}`) as Element).display

describe('reduced motion', () => {
  it('stills the bar and puts an hourglass in place of what turns', async () => {
    const { container, bar } = await finishing()
    expect(getComputedStyle(bar).animationName).toBe('ou-pulse')
    expect(display(container, '.ou-hourglass')).toBe('none')
    await emulate([{ name: 'prefers-reduced-motion', value: 'reduce' }])
    expect(getComputedStyle(bar).animationName).toBe('none')
    expect(getComputedStyle(bar).backgroundImage).toMatch(/^repeating-linear-gradient/)
    expect(display(container, '.ou-spinner')).toBe('none')
    expect(display(container, '.ou-hourglass')).toBe('inline')
  })
})

describe('forced colors', () => {
  it('give the bar an edge, and the quiet buttons theirs', async () => {
    const { bar } = await finishing()
    expect(getComputedStyle(bar).borderTopWidth).toBe('0px')
    await emulate([{ name: 'forced-colors', value: 'active' }])
    expect(getComputedStyle(bar).borderTopWidth).toBe('1px')
    const pause = screen.getByRole('button', { name: 'Cancel report.pdf' })
    expect(getComputedStyle(pause).borderTopStyle).toBe('solid')
  })
})

describe('fingers', () => {
  it.each(['comfortable', 'compact'] as const)('have buttons of 44 pixels, also where it is %s', async (density) => {
    await devTools.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await finishing({ density })
    expect(matchMedia('(pointer: coarse)').matches).toBe(true)
    for (const button of screen.getAllByRole('button'))
      expect(button.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
  })

  it.each(['comfortable', 'compact'] as const)('open Details of 44 pixels where it is %s', async (density) => {
    await devTools.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    const { height, width } = (await details(density)).getBoundingClientRect()
    expect(Math.min(height, width)).toBeGreaterThanOrEqual(44)
  })

  it('are told nothing of dropping', async () => {
    await devTools.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await finishing()
    expect(matchMedia('(hover: none)').matches).toBe(true)
    expect(getComputedStyle(screen.getByText('or drop them here')).display).toBe('none')
  })
})

describe('a mouse', () => {
  it.each([
    ['comfortable', 32],
    ['compact', 24],
  ] as const)('finds buttons where it is %s', async (density, height) => {
    await finishing({ density })
    expect(
      screen.getByRole('button', { name: 'Cancel report.pdf' }).getBoundingClientRect().height,
    ).toBeGreaterThanOrEqual(height)
    cleanup()
    expect((await details(density)).getBoundingClientRect().height).toBeGreaterThanOrEqual(height)
  })
})
