/**
 * Where people look in images of the training set's folder, labelled by eye on the cropped
 * faces: faces of 70 pixels and more, turned by less than 35°. All other images are unlabelled.
 */
const lookers = {
  camera: `
  iewel-none-02892 iewel-none-02903 iewel-none-02905 iewel-none-02907 iewel-none-02912 iewel-none-02919
  iewel-none-02933 iewel-none-02938 iewel-none-02943 iewel-none-02951 iewel-none-02952 iewel-none-02965
  iewel-none-02973 iewel-none-02977 iewel-none-02984 iewel-none-02994 iewel-none-02995 iewel-none-02997
  iewel-none-03005 iewel-none-03011 iewel-none-03016 iewel-none-03048 iewel-none-03053 iewel-none-03072
  iewel-none-03081 iewel-none-03087 iewel-none-03094 iewel-none-03102 iewel-none-03110 iewel-none-03124
  iewel-none-03130 rahul-other-00041 rahul-other-00048 rahul-other-00051 rahul-other-00097 rahul-other-00130
  rahul-other-00131 rahul-other-00172 rahul-phone_jpg-02010 rahul-pp-02034 rahul-pp-02035 rahul-pp-02054
  rahul-pp-02072 rahul-pp-02082 rahul-pp-02088 rahul-pp-02137 rahul-pp-02187 rahul-pp-02215 rahul-pp-02217`,
  down: `
  iewel-none-02928 iewel-none-02947 iewel-none-02958 iewel-none-02970 iewel-none-02982 iewel-none-02992
  iewel-none-03049 iewel-none-03067 iewel-none-03109 iewel-none-03134 rahul-other-00012 rahul-other-00189
  rahul-phone_jpg-02014 rahul-pp-02041 rahul-pp-02047 rahul-pp-02048 rahul-pp-02201`,
};

export type LookedAt = keyof typeof lookers;

const filesOf = (names: string): string[] =>
  names
    .trim()
    .split(/\s+/u)
    .map((name) => `pictures/${name}.jpg`);

/** Files of each group, relative to the data folder. */
export const gazeFiles: Record<LookedAt, string[]> = {
  camera: filesOf(lookers.camera),
  down: filesOf(lookers.down),
};
