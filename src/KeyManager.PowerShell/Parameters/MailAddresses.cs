using System;
using System.Collections.Generic;
using System.Net.Mail;

namespace KeyManager.PowerShell;

/// <summary>Checks e-mail addresses that a user gives.</summary>
internal static class MailAddresses
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static IReadOnlyList<string> Check(string[] addresses)
    {
        foreach (string address in addresses)
        {
            bool valid;
            try
            {
                valid = string.Equals(new MailAddress(address).Address, address, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                valid = false;
            }

            if (!valid)
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{address}' is not an e-mail address.") { Target = address, Remedy = "For example: admin@contoso.com" };
            }
        }

        return addresses;
    }
}
