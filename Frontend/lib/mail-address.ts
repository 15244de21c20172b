export const maxMailAddress = 254;

/** The shape of Api's rule (Commerce/Mail/MailAddress.cs): dots and letters, digits or signs before the @, a domain with a dot after it. */
const shape = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]$/u;

/** Whether mail can be sent there; whether somebody reads it only the receipt can tell. */
export const isMailAddress = (text: string): boolean => text.length <= maxMailAddress && text.indexOf('@') <= 64 && shape.test(text);
