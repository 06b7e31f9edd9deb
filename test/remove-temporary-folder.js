module.exports = async () => globalThis.removeTemporaryFolder();
