const REASONS: ReadonlyMap<string, string> = new Map([
	['ENOENT', 'does not exist'],
	['ENOTDIR', 'does not exist'],
	['EACCES', 'may not be used by this user: permission denied'],
	['EPERM', 'may not be used by this user: permission denied'],
	['EISDIR', 'is a folder'],
	['ELOOP', 'is a symbolic link that leads to itself'],
	['EROFS', 'is on a read-only file system'],
	['ENOSPC', 'is on a file system without space left'],
	['EDQUOT', 'is on a file system without space left for this user'],
	['EFBIG', 'is too large'],
	['ERR_FS_FILE_TOO_LARGE', 'is too large'],
	['ERR_STRING_TOO_LONG', 'is too large'],
]);

/** What an error of the file system means, as the end of a sentence that begins with the file. */
export function reason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return REASONS.get(code) ?? `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
}
