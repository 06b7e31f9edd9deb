export const handler = () => 'as good as ever';
