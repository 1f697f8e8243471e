import { spawnSync } from 'node:child_process'

const required = process.env.CARREL_TEST_REQUIRE === 'everything'

/** Whether a test may be left out because this machine lacks a program; where everything is required it is not. */
export const mayLack = (program: string) =>
  !required && spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined
