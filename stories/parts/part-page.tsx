import type { StoryObj } from '@storybook/react-vite'
import { type ComponentProps, type ComponentType, type ReactNode, useEffect, useRef } from 'react'
import { expect, waitFor } from 'storybook/test'
import { browserEnvironment, type Uploader } from '../../src/core/index.js'
import { Uploads, type UploadsHandle } from '../../src/index.js'
import { type ClosedPage, closedPage, pageOf } from '../closed-page.js'
import { file, type SceneProps, useScriptedUploader } from '../scene.js'
import { PART_TEXTS, type PartTexts } from './part-texts.js'

type PartName = keyof typeof Uploads
type AnyPart = ComponentType<Record<string, unknown>>

const parts = Object.fromEntries(Object.entries(Uploads)) as unknown as Record<PartName, AnyPart>

/** The pages that there are, by what stands behind `upload-` in the slot of a part. */
export const pages = Object.keys(import.meta.glob('./*.stories.tsx')).map((path) =>
  path.slice('./'.length, -'.stories.tsx'.length),
)

/** Where a part is shown: over which files, scripts and options of its Root. */
export interface PartStage extends Pick<SceneProps, 'scripts' | 'engine'> {
  files?: readonly File[]
  root?: Partial<ComponentProps<typeof Uploads.Root>>
  /** Files that an earlier page left behind. */
  left?: readonly string[]
  /** What has to be done before the part is there. */
  before?: (canvasElement: HTMLElement) => Promise<void> | void
}

/** A docs page that says what there is to know of a part, and has its controls. */
export function partPage(name: PartName) {
  const { props = {} } = PART_TEXTS[name]
  return {
    component: parts[name],
    argTypes: {
      className: { control: 'text', description: 'a class, or a function of the part’s state' },
      style: { control: 'object', description: 'a style, or a function of the part’s state' },
      render: { control: false, description: 'an element, or (props, state) => element, to be another element' },
      asChild: { control: false, description: 'the same with its one child' },
      ...Object.fromEntries(
        Object.entries(props).map(([prop, [type, description]]) => [
          prop,
          {
            description,
            table: { type: { summary: type } },
            control: ['number', 'boolean'].includes(type) && { type },
          },
        ]),
      ),
    },
    parameters: { docs: { description: { component: textOf(name, PART_TEXTS[name]) } } },
  }
}

/** The part where it makes sense, with nothing but what it needs around it. */
export function shown(name: PartName, stage: PartStage = {}): StoryObj {
  return {
    ...(stage.left && { loaders: [() => closedPage(stage.left ?? [])] }),
    render: (args, { loaded }) => (
      <Stage name={name} args={args} {...stage} {...(stage.left && { uploader: pageOf(loaded as ClosedPage) })} />
    ),
    play: async ({ canvasElement }) => {
      await stage.before?.(canvasElement)
      const part = await waitFor(() => elementOf(canvasElement, name))
      const known = ['data-slot', ...Object.keys(PART_TEXTS[name].attributes ?? {})]
      const found = part.getAttributeNames().filter((attribute) => attribute.startsWith('data-'))
      await expect(known).toEqual(expect.arrayContaining(found))
      await expect(PART_TEXTS[name].element.split(',')[0]).toBe(part.localName)
    },
  }
}

interface StageProps extends PartStage {
  name: PartName
  args: object
  /** In place of one over the scripts. */
  uploader?: Uploader
}

function Stage({ name, args, files, root, scripts = {}, engine = {}, ...given }: StageProps) {
  const scripted = useScriptedUploader({ scripts, engine })
  const uploader = given.uploader ?? scripted
  const handle = useRef<UploadsHandle>(null)
  useEffect(() => {
    if (files && uploader.getSnapshot().ids.length === 0) handle.current?.addFiles([...files])
  }, [files, uploader])
  const Part = parts[name]
  const isOwn = (other: PartName) => other === name
  const own = name === 'Root' ? args : {}
  return (
    <Uploads.Root ref={handle} uploader={uploader} purpose="user_data" locale="en" {...root} {...own}>
      {name === 'Announcer' && <Part {...args} />}
      {(isOwn('Label') || isOwn('FormError') || isOwn('Rejections')) && <Part {...args} />}
      <Uploads.Dropzone {...(isOwn('Dropzone') && args)}>
        <Uploads.Trigger {...(isOwn('Trigger') && args)} />
        {inDropzone.has(name) && <Part {...args} />}
      </Uploads.Dropzone>
      {/Banner$|^Offline|^Restored/.test(name) && <Part {...args} />}
      <Uploads.Summary {...(isOwn('Summary') && args)} />
      {/^Summary./.test(name) && <Part {...args} />}
      <Uploads.List {...(isOwn('List') && args)}>
        {(id) => (
          <Uploads.Item {...(isOwn('Item') && args)} id={id}>
            {isOwn('ItemName') ? <Part {...args} /> : <Uploads.ItemName />}{' '}
            {isOwn('ItemUploadNew') && <Uploads.ItemPause />}{' '}
            {/^Item./.test(name) && !isOwn('ItemName') && inRow(<Part {...args} />, name)}
          </Uploads.Item>
        )}
      </Uploads.List>
    </Uploads.Root>
  )
}

const inDropzone: ReadonlySet<PartName> = new Set<PartName>(['DropHint', 'StopReading', 'Limits'])

/** A bar without a style of the app has no height. */
function inRow(part: ReactNode, name: PartName): ReactNode {
  if (name !== 'ItemProgress') return part
  return (
    <>
      <style>{`[data-slot="upload-item-progress"] {
        block-size: 8px; background: linear-gradient(to right, var(--ou-ledger)), color-mix(in srgb, currentColor 12%, transparent)
      }`}</style>
      {part}
    </>
  )
}

function elementOf(canvasElement: HTMLElement, name: PartName): HTMLElement {
  const element = canvasElement.querySelector<HTMLElement>(`[data-slot="upload-${slotOf(name)}"]`)
  if (!element) throw new Error(`There is no ${name}.`)
  return element
}

/** `item-name` for ItemName. */
export function slotOf(name: string): string {
  return name.replace(/\B[A-Z]/g, '-$&').toLowerCase()
}

function textOf(name: PartName, { element, purpose, attributes = {}, keyboard, announced, slots }: PartTexts): string {
  const rows = Object.entries(attributes).map(([attribute, meaning]) => `| \`${attribute}\` | ${meaning} |`)
  return [
    purpose,
    `\`<Uploads.${name}>\` renders a \`${element.split(',')[0]}\`${element.slice(element.indexOf(',')).startsWith(',') ? element.slice(element.indexOf(',')) : ''}.`,
    rows.length > 0 && ['| attribute | there while, or says |', '| --- | --- |', ...rows].join('\n'),
    keyboard && `**Keyboard.** ${keyboard}`,
    announced && `**Announced.** ${announced}`,
    slots && `**To hold on to.** ${slots}`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The first of these files stops half way, and stays there. */
export const held = (...names: [string, ...string[]]): PartStage => ({
  files: names.map((name) => file(name)),
  scripts: { [names[0]]: { holdAfter: 5 } },
})

/** The first of these files fails. */
export const failed = (...names: [string, ...string[]]): PartStage => ({
  files: names.map((name) => file(name)),
  scripts: { [names[0]]: { failAfter: { parts: 5, status: 500 } } },
  engine: { concurrency: 1, retry: { baseDelay: 1, maxDelay: 1, giveUpAfter: 1 } },
})

/** A file that OpenAI has. */
export const done: PartStage = { files: [file('notes.txt')] }

/** Two files that wait for the connection. */
export const offline: PartStage = {
  files: [file('report.pdf'), file('notes.txt')],
  scripts: {
    'report.pdf': { failAfter: { parts: 5, status: 0 } },
    'notes.txt': { failAfter: { parts: 5, status: 0 } },
  },
  engine: { environment: { ...browserEnvironment(), isOnline: () => false } },
}
