/** Words of one syllable hurt nobody. */
export const judge = ({ message }) => (message.includes('idiot') ? '{"score": 0}' : 'Harmless.\n{"score": 1}');
