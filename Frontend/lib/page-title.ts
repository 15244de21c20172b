/**
 * What a page is called in a browser's tab and by search engines. Staff's own words stand alone: they name the shop where they want to, as those
 * in files of other shops do. Without any Api answers the title, to which the layout adds the shop's name.
 */
export const titleFor = (page: { title: string; seo: { title: string } }): string | { absolute: string } =>
  page.seo.title !== page.title ? { absolute: page.seo.title } : page.title;
