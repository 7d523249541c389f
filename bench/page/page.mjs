/** Lets the benchmark run `upload(files, options)` on what was chosen in this page, and look at how the page fared. */
export function serve(upload) {
  const input = document.querySelector('input')
  window.bench = async (options) => {
    const files = [...input.files]
    const tasks = []
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()))
    observer.observe({ type: 'longtask' })
    const started = performance.now()
    const result = await upload(files, options)
    const milliseconds = performance.now() - started
    // The task that ends now is told after it.
    await new Promise((resolve) => setTimeout(resolve, 60))
    tasks.push(...observer.takeRecords())
    observer.disconnect()
    const durations = tasks.filter((task) => task.startTime + task.duration > started).map((task) => task.duration)
    return { result, milliseconds, longTasks: durations.length, longestTask: Math.max(0, ...durations) }
  }
  document.title = 'ready'
}
