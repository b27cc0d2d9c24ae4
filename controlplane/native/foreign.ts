/** The one place where koffi is imported: whoever calls C from here on does so through this folder. */
import koffi from 'koffi'

export type { KoffiFunc, LibraryHandle, TypeObject } from 'koffi'
export { koffi }
