import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Alarms } from './alarms.js'
import { browserEnvironment } from './browser-environment.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the real world', () => {
  it('can be made where there is no window, and believes that it is online', () => {
    const environment = browserEnvironment()
    expect(environment.isOnline()).toBe(true)
    expect(() => {
      environment.onWake(() => {})()
      environment.onPageHide(() => {})()
    }).not.toThrow()
  })

  it('runs a timer once, unless it is called off', () => {
    const ran: string[] = []
    const environment = browserEnvironment()
    environment.setTimer(() => ran.push('kept'), 10)
    environment.setTimer(() => ran.push('called off'), 10)()
    vi.advanceTimersByTime(100)
    expect(ran).toEqual(['kept'])
  })

  it('does not take a month for a moment: timers of browsers overflow at 25 days', () => {
    const ran: string[] = []
    browserEnvironment().setTimer(() => ran.push('due'), 30 * 24 * 3600 * 1000)
    vi.advanceTimersByTime(3600 * 1000)
    expect(ran).toEqual([])
  })

  it('hears of the network and of the page being left, until it is told not to', () => {
    const window = new EventTarget()
    vi.stubGlobal('window', window)
    const heard: string[] = []
    const environment = browserEnvironment()
    const stops = [environment.onWake(() => heard.push('online')), environment.onPageHide(() => heard.push('hide'))]
    window.dispatchEvent(new Event('online'))
    window.dispatchEvent(new Event('pagehide'))
    for (const stop of stops) stop()
    window.dispatchEvent(new Event('online'))
    window.dispatchEvent(new Event('pagehide'))
    expect(heard).toEqual(['online', 'hide'])
  })

  it('takes a page that comes back from being frozen for one that was offline, but not one that was just loaded', () => {
    const window = new EventTarget()
    vi.stubGlobal('window', window)
    const show = (persisted: boolean) => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
    const heard: string[] = []
    const stop = browserEnvironment().onOnline(() => heard.push('back'))
    show(false)
    expect(heard).toEqual([])
    show(true)
    expect(heard).toEqual(['back'])
    stop()
    show(true)
    expect(heard).toEqual(['back'])
  })
})

describe('alarms', () => {
  it('of one name call off their predecessor', () => {
    const ran: string[] = []
    const alarms = new Alarms<'wait'>(browserEnvironment())
    alarms.after('wait', 10, () => ran.push('first'))
    alarms.after('wait', 20, () => ran.push('second'))
    vi.advanceTimersByTime(100)
    expect(ran).toEqual(['second'])
  })

  it('are forgotten before they ring, so that ringing may set them again', () => {
    const alarms = new Alarms<'wait'>(browserEnvironment())
    const ran: boolean[] = []
    alarms.after('wait', 10, () => {
      ran.push(alarms.has('wait'))
      alarms.after('wait', 10, () => ran.push(alarms.has('wait')))
    })
    vi.advanceTimersByTime(100)
    expect(ran).toEqual([false, false])
  })

  it('can all be called off, listeners included', () => {
    const stopped: string[] = []
    const alarms = new Alarms<'wait' | 'online'>(browserEnvironment())
    alarms.after('wait', 10, () => stopped.push('rang'))
    alarms.keep('online', () => stopped.push('unsubscribed'))
    alarms.callOffAll()
    vi.advanceTimersByTime(100)
    expect(stopped).toEqual(['unsubscribed'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
