import { spawn } from 'node:child_process';

// nginx in the foreground, and gone with this process: `run-nginx.mjs <nginx> <folder>`.
const [, , nginx, folder] = process.argv;
const child = spawn(nginx, ['-p', folder, '-c', `${folder}/nginx.conf`], { stdio: 'inherit' });
child.once('exit', (code) => process.exit(code ?? 0));
process.on('SIGINT', () => child.kill('SIGQUIT'));
