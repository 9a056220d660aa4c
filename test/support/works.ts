/** Whether something can be done: it does not throw. */
export function works(action: () => void): boolean {
	try {
		action();
		return true;
	} catch {
		return false;
	}
}
