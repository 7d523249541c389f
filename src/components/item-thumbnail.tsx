'use client'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemThumbnailState extends ItemState {
  /** The picture is there; before, and for everything that is none, the children are shown. */
  drawn: boolean
}

interface ItemThumbnailExtra {
  /** What stands in for the picture: an icon of the kind of file. */
  children?: ReactNode
}

export type ItemThumbnailProps = PartProps<'span', ItemThumbnailState, ItemThumbnailExtra>

/**
 * A small picture of a PNG, JPEG, GIF, WebP, AVIF or BMP, drawn once it is about to be seen. What a file is, its bytes
 * say, never its name: SVG and HTML are not drawn. Decorative. Renders a `span` with a `canvas`.
 */
export const ItemThumbnail = /* @__PURE__ */ createPart<'span', ItemThumbnailState, ItemThumbnailExtra>(
  'item-thumbnail',
  'span',
  function useItemThumbnail({ children, ...given }) {
    const { id } = useItemContext()
    const { store } = useRoot()
    const canvasRef = useRef<HTMLCanvasElement>(null)
    const [frame, setFrame] = useState<HTMLElement | null>(null)
    const [drawn, setDrawn] = useState(false)
    const file = store.fileOf(id)

    useEffect(() => {
      const canvas = canvasRef.current
      if (!frame || !canvas || !file) return undefined
      const called = new AbortController()
      const draw = async () => {
        // Loaded with the first file that is shown. Where it cannot be, the icon stays.
        const loaded = await import('./thumbnail.js').catch(() => null)
        if (await loaded?.drawThumbnail(file, canvas, called.signal)) setDrawn(true)
      }
      const stopWatching = onceNear(frame, () => void draw())
      return () => {
        stopWatching()
        called.abort()
        // Some browsers keep the pixels of a canvas for as long as anyone might ask for them.
        canvas.width = 0
      }
    }, [frame, file])

    const state = useItem(itemState)
    const ref = useCallback((node: HTMLElement | null) => setFrame(node), [])
    if (!state) return null
    return {
      state: { ...state, drawn },
      own: {
        'aria-hidden': true,
        children: (
          <>
            {!drawn && children}
            <canvas ref={canvasRef} width={0} height={0} style={drawn ? undefined : { display: 'none' }} />
          </>
        ),
      },
      given,
      ref,
    }
  },
)

/** Calls back once an element is on the screen or a little away from it; returns the way to call it off. */
function onceNear(element: Element, callback: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      callback()
    },
    { rootMargin: '200px' },
  )
  observer.observe(element)
  return () => observer.disconnect()
}
