// The module's syntax in the versions of PHP that the machine does not have: each file is compiled, none is run.
// node other-php.mjs FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PHP, loadPHPRuntime } from '@php-wasm/universal';

const VERSIONS = ['8-1', '8-3', '8-4'];

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true })
	.filter((path) => path.endsWith('.php'))
	.sort();
if (files.length === 0) {
	throw new Error(`no PHP in ${folder}`);
}

let faults = 0;
for (const version of VERSIONS) {
	const { getPHPLoaderModule } = await import(`@php-wasm/node-${version}`);
	const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
	mustNotice(await said(php, '<?php function f(int $one = null, $two {}'), version);
	for (const path of files) {
		const answer = await said(php, readFileSync(join(folder, path), 'utf8'));
		if (answer !== '') {
			faults++;
			console.error(`PHP ${version.replace('-', '.')}: ${relative('.', path)}: ${answer}`);
		}
	}
	console.log(`PHP ${version.replace('-', '.')}: ${files.length} files compiled`);
}
process.exit(faults === 0 ? 0 : 1);

/** What PHP says of a source, deprecations too; nothing where it is content. */
async function said(php, source) {
	try {
		return (await php.run({ code: stopped(source) })).text.trim();
	} catch (failure) {
		return `${failure.response?.text ?? ''}${failure.response?.errors ?? ''}`.trim() || String(failure);
	}
}

/** The source with a return before its first statement: all of it is compiled, nothing is done. */
function stopped(source) {
	const first = /^\s*namespace\s+[\w\\]+\s*[;{]/m.exec(source) ?? /\bdeclare\s*\(strict_types=1\)\s*;/.exec(source) ?? /<\?(php|=)/.exec(source);
	if (first === null) {
		return source;
	}
	const end = first.index + first[0].length;
	return first[0] === '<?='
		? `<?php return; ?>${source}`
		: `${source.slice(0, end)} return; ${source.slice(end)}`;
}

function mustNotice(answer, version) {
	if (answer === '') {
		throw new Error(`PHP ${version} lets a broken source pass`);
	}
}
