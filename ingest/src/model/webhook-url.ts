/** The address without a user name and password, such as a learning record store's. */
export const withoutCredentials = (url: string): string => {
  const shown = new URL(url);
  if (shown.username === '' && shown.password === '') return url;
  shown.username = '';
  shown.password = '';
  return shown.href;
};
