// Memory that was freed goes back to the system at once, and what is soon to be thrown away is gathered in small heaps.
// Left to themselves the C library of Linux and V8 keep a third of all that a busy Carrel takes. They hear of it only
// where a program begins, so it begins again, under the same number.
const wish = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '4' }
const heaps = '--max-semi-space-size=4'
const { platform, env, execPath, execArgv, argv } = process

// Whoever watches over this process, and talks to it, would lose it.
if (platform === 'linux' && !process.send && !Object.keys(wish).some((name) => env[name])) {
  try {
    process.execve(execPath, [execPath, heaps, ...execArgv, ...argv.slice(1)], { ...env, ...wish })
  } catch {
    // Where that is not allowed, it goes on as it is.
  }
}
