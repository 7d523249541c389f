'use client'
import type { ComponentProps, ReactNode } from 'react'
import { Uploads } from 'react-openai-uploads'

const button =
  'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium outline-none transition-colors ' +
  'hover:bg-accent hover:text-accent-foreground focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 ' +
  'focus-visible:ring-offset-background disabled:text-muted-foreground aria-disabled:text-muted-foreground ' +
  'pointer-coarse:min-h-11 motion-reduce:transition-none forced-colors:border'
const outlined = `${button} border border-input bg-background shadow-xs`
const quiet = `${button} px-2 text-[13px]`
const asked = `${quiet} text-primary`
/** The bar is the ledger: what the server has, what is on its way, and what is sent once more. */
const bar =
  'h-1.5 overflow-hidden rounded-full bg-muted [--ou-accepted:var(--primary)] ' +
  '[--ou-sending:color-mix(in_oklab,var(--primary)_50%,var(--muted))] [--ou-retried:color-mix(in_oklab,var(--destructive)_35%,var(--muted))] ' +
  '[--drawn:var(--ou-ledger,var(--ou-accepted)_calc(var(--ou-progress)*100%),transparent_0)] ' +
  'bg-[linear-gradient(to_right,var(--drawn))] rtl:bg-[linear-gradient(to_left,var(--drawn))] ' +
  'data-[phase=paused]:[--ou-accepted:var(--muted-foreground)] data-[phase=offline]:[--ou-accepted:var(--muted-foreground)] ' +
  'data-[phase=interrupted]:[--ou-accepted:var(--muted-foreground)] data-[phase=failed]:[--ou-accepted:var(--destructive)] ' +
  'data-indeterminate:animate-pulse motion-reduce:animate-none forced-colors:border forced-colors:forced-color-adjust-none ' +
  'forced-colors:[--ou-accepted:Highlight]'

type UploadDropzoneProps = Omit<ComponentProps<typeof Uploads.Root>, 'children'>

/** A dropzone, its list and a summary: `<UploadDropzone endpoint="/api/uploads" purpose="user_data" />`. */
export function UploadDropzone({ className, ...props }: UploadDropzoneProps) {
  return (
    <Uploads.Root
      {...props}
      className={(state) =>
        `@container grid gap-3 text-sm tabular-nums text-foreground ${typeof className === 'function' ? className(state) : (className ?? '')}`
      }
    >
      <Uploads.Dropzone
        className={
          'grid cursor-pointer justify-items-center gap-2 rounded-lg border-2 border-dashed border-muted-foreground/80 p-6 text-center ' +
          'transition-colors motion-reduce:transition-none data-dragging:border-solid data-dragging:border-primary ' +
          'data-drag:border-solid data-drag:border-primary data-drag:bg-primary/5 data-[drag=reject]:border-destructive ' +
          'data-[drag=reject]:bg-destructive/5 data-disabled:cursor-default data-full:cursor-default data-invalid:border-destructive'
        }
      >
        <UploadIcon />
        <div className="flex flex-wrap items-center justify-center gap-x-2.5 gap-y-2">
          <Uploads.Trigger className={outlined} />
          <Uploads.DropHint className="pointer-coarse:data-idle:hidden" />
          <Uploads.StopReading className={quiet} />
        </div>
        <Uploads.Limits className="text-[13px] text-muted-foreground wrap-anywhere" />
      </Uploads.Dropzone>
      <Uploads.FormError className="font-medium text-destructive data-[tone=neutral]:text-muted-foreground" />
      <Uploads.Rejections
        className={
          'flex items-start justify-between gap-3 rounded-md border border-destructive/40 bg-destructive/5 px-3 py-2 ' +
          'wrap-anywhere [&_button]:min-h-8 [&_button]:font-medium [&_button]:underline-offset-4 [&_button]:hover:underline [&_ul]:grid [&_ul]:gap-1 [&_ul]:py-1.5'
        }
      />
      <Uploads.Summary className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 empty:hidden">
        {({ text, total }) =>
          // One file needs none: its row says it all.
          total > 1 && (
            <>
              <span className="font-semibold">{text}</span>
              <Actions>
                <Uploads.SummaryRetry className={asked} />
                <Uploads.SummaryPause className={quiet} />
                <Uploads.SummaryCancel className={quiet} undoFor={5000} />
                <Uploads.SummaryClear className={quiet} />
              </Actions>
              <Uploads.SummaryProgress className={`${bar} h-[3px] w-full`} />
            </>
          )
        }
      </Uploads.Summary>
      <Uploads.List className="empty:hidden">{(id) => <Row id={id} />}</Uploads.List>
    </Uploads.Root>
  )
}

function Row({ id }: { id: string }) {
  return (
    <Uploads.Item
      id={id}
      className="grid scroll-my-16 gap-1 rounded-xs border-t py-3 outline-none focus-visible:ring-2 focus-visible:ring-ring"
    >
      <div className="flex flex-col gap-x-3 gap-y-1 @md:flex-row @md:items-start @md:justify-between">
        <div className="flex min-h-8 min-w-0 flex-wrap items-baseline content-center gap-x-2">
          <Uploads.ItemName className="font-medium wrap-anywhere" />
          <Uploads.ItemSize className="text-[13px] text-muted-foreground" />
          <Uploads.ItemStatus className="rounded-full border px-2 text-xs whitespace-nowrap text-muted-foreground data-[status=expired]:text-destructive" />
        </div>
        <Actions>
          <Uploads.ItemSignIn className={asked} />
          <Uploads.ItemRetry className={asked} />
          <Uploads.ItemUploadNew className={quiet} />
          <Uploads.ItemPauseOthers className={quiet} />
          <Uploads.ItemPause className={quiet} />
          <Uploads.ItemCancel className={quiet} undoFor={5000} />
          <Uploads.ItemCopyId className={quiet} />
          <Uploads.ItemDelete className={quiet} />
          <Uploads.ItemRemove className={quiet} />
        </Actions>
      </div>
      <Uploads.ItemProgress className={bar} />
      <Uploads.ItemActivity className="text-[13px] text-muted-foreground wrap-anywhere data-[tone=danger]:text-destructive data-[tone=warning]:text-foreground" />
      <Uploads.ItemError className="text-[13px] text-muted-foreground [&_button]:min-h-8 [&_button]:underline [&_dd]:font-mono [&_dd]:wrap-anywhere [&_summary]:cursor-pointer [&_summary]:py-1" />
    </Uploads.Item>
  )
}

function Actions({ children }: { children: ReactNode }) {
  return <div className="-ms-2 flex flex-wrap items-center gap-1 @md:ms-0 @md:-me-2 @md:shrink-0">{children}</div>
}

function UploadIcon() {
  return (
    <svg
      className="size-5 text-muted-foreground"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 16v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2" />
    </svg>
  )
}
