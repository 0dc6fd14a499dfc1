/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/ssh-transport.h"

static gboolean
is_through_ssh (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  g_autofree char *lower = scheme ? g_ascii_strdown (scheme, -1) : NULL;

  return lower && g_str_has_suffix (lower, "+ssh");
}

/* names_command: as libvirt reads parameters: between either separator, in any case. */
static gboolean
names_command (const char *parameters)
{
  return g_regex_match_simple ("(^|[&;])command([=&;#]|$)", parameters, G_REGEX_CASELESS, 0);
}

char *
mig_ssh_transport_uri (const char *uri, const char *helper)
{
  int end = (int) strcspn (uri, "?#"); /* of what is before the parameters */
  const char *parameters = uri[end] == '?' ? uri + end + 1 : NULL;

  if (!helper || !is_through_ssh (uri) || (parameters && names_command (parameters)))
    return g_strdup (uri);
  g_autofree char *command = g_uri_escape_string (helper, "/", FALSE);
  /* the first one, because the others may be separated by ';', which libvirt sees only where no '&'
   * follows */
  return g_strdup_printf ("%.*s?command=%s%s%s", end, uri, command, parameters ? "&" : "",
                          parameters ? parameters : uri + end);
}
