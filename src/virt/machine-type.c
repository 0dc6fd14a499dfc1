/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "virt/internal.h"
#include "virt/machine-type.h"

#define ARCH "/capabilities/guest[os_type='hvm']/arch[@name='%s']"

/* is_plain: what can stand in quotes. */
static gboolean
is_plain (const char *text)
{
  return text && !strpbrk (text, "'\"");
}

char **
mig_host_machines (MigHost *host, const char *arch, const char *type)
{
  if (!is_plain (arch) || !is_plain (type))
    return g_new0 (char *, 1);
  g_autofree char *path = g_strdup_printf (ARCH "/machine | " ARCH "/domain[@type='%s']/machine",
                                           arch, arch, type);
  return mig_host_capability_texts (host, path);
}

char *
mig_host_machine (MigHost *host, const char *arch, const char *type, const char *machine)
{
  if (!is_plain (arch) || !is_plain (type) || !is_plain (machine))
    return NULL;
  g_autofree char *path = g_strdup_printf (ARCH
                                           "/machine[text()='%s']/@canonical | " ARCH
                                           "/domain[@type='%s']/machine[text()='%s']/@canonical",
                                           arch, machine, arch, type, machine);
  g_auto (GStrv) canonical = mig_host_capability_texts (host, path);
  g_auto (GStrv) all = mig_host_machines (host, arch, type);
  if (canonical[0])
    return g_strdup (canonical[0]);
  return g_strv_contains ((const char *const *) all, machine) ? g_strdup (machine) : NULL;
}

/* version_of: where the version at its end begins: "10.0" of "pc-q35-10.0". */
static const char *
version_of (const char *machine)
{
  const char *end = machine + strlen (machine);

  while (end > machine && (g_ascii_isdigit (end[-1]) || end[-1] == '.'))
    end--;
  return end;
}

/* compare: two versions, by the numbers in them. */
static int
compare (const char *one, const char *other)
{
  while (*one && *other)
    {
      char *one_end, *other_end;
      unsigned long first = strtoul (one, &one_end, 10), second = strtoul (other, &other_end, 10);
      if (first != second)
        return first < second ? -1 : 1;
      one = *one_end == '.' ? one_end + 1 : one_end;
      other = *other_end == '.' ? other_end + 1 : other_end;
      if (one_end == one && other_end == other)
        break; /* no number any more */
    }
  return (*one != '\0') - (*other != '\0');
}

char *
mig_machine_common (const char *machine, char **one, char **other)
{
  gsize family = (gsize) (version_of (machine) - machine);
  const char *newest = NULL;

  for (guint i = 0; one[i]; i++)
    {
      const char *version = version_of (one[i]);
      if ((gsize) (version - one[i]) == family && *version &&
          strncmp (one[i], machine, family) == 0 &&
          g_strv_contains ((const char *const *) other, one[i]) &&
          (!newest || compare (version_of (newest), version) < 0))
        newest = one[i];
    }
  return g_strdup (newest);
}
