/** Tells the bench where this server listens and, when asked, what it has cost; ends when the bench does. */
export function talk(port: number) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.once('disconnect', () => process.exit())
  process.send?.({ port })
}
