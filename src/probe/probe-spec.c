/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "probe/probe-address.h"
#include "probe/probe-spec.h"
#include "probe/probe.h"

typedef struct {
  const char *name, *asks;
  gboolean own, port, path;
  gint64 period_ns;
} Method;

static const Method methods[MIG_N_PROBE_METHODS] = {
  [MIG_PROBE_BY_ECHO] = { "echo", "packets", TRUE, TRUE, FALSE, MIG_PROBE_UDP_PERIOD_NS },
  [MIG_PROBE_BY_ICMP] = { "icmp", "ICMP echo", FALSE, FALSE, FALSE, MIG_PROBE_UDP_PERIOD_NS },
  [MIG_PROBE_BY_TCP] = { "tcp", "new connections", FALSE, TRUE, FALSE, MIG_PROBE_TCP_NEW_NS },
  [MIG_PROBE_BY_HTTP] = { "http", "HTTP requests", FALSE, TRUE, TRUE, MIG_PROBE_HTTP_PERIOD_NS },
};

/* find_method: of the text up to its first colon; N_METHODS: none. */
static MigProbeMethod
find_method (const char *text, gsize length)
{
  guint method = 0;

  while (method < MIG_N_PROBE_METHODS && (strlen (methods[method].name) != length ||
                                          strncmp (methods[method].name, text, length) != 0))
    method++;
  return method;
}

/* is_path: nothing in it that ends a line of HTTP's, or a word of a command. */
static gboolean
is_path (const char *path)
{
  gsize length = strlen (path);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (path[i]))
      return FALSE;
  return length > 0 && length <= MIG_PROBE_MAX_PATH;
}

/* end_of_address: an IPv6 address is in brackets, behind which its port stands; an IPv4 address is
 * not. NULL: that is not so. */
static char *
end_of_address (char *place)
{
  char *end = *place == '[' ? strchr (place, ']') : place + strcspn (place, ":");

  if (*place == '[' && end)
    end++;
  return end && (!*end || *end == ':') ? end : NULL;
}

/* take_address: of that place, without brackets; NULL: it is none. */
static char *
take_address (const char *place, const char *end)
{
  gboolean in_brackets = *place == '[';
  gsize brackets = in_brackets ? 1 : 0;
  g_autofree char *text = g_strndup (place + brackets, (gsize) (end - place) - 2 * brackets);
  MigProbeAddress address;

  if (!mig_probe_address_parse (text, 0, &address) ||
      in_brackets != (address.any.sa_family == AF_INET6))
    return NULL;
  return g_steal_pointer (&text);
}

/* parse_rest: ADDRESS[:PORT[/PATH]], as the method has them. */
static gboolean
parse_rest (MigProbeSpec *spec, const char *rest)
{
  const Method *method = &methods[spec->method];
  const char *slash = method->path ? strchr (rest, '/') : NULL;
  g_autofree char *place = slash ? g_strndup (rest, (gsize) (slash - rest)) : g_strdup (rest);
  const char *end = end_of_address (place);
  guint64 port = 0;

  if (!end || method->port != (*end == ':') ||
      (method->port && !g_ascii_string_to_unsigned (end + 1, 10, 1, G_MAXUINT16, &port, NULL)) ||
      (slash && !is_path (slash)) || !(spec->address = take_address (place, end)))
    return FALSE;
  spec->port = (guint) port;
  spec->path = method->path ? g_strdup (slash ? slash : "/") : NULL;
  return TRUE;
}

MigProbeSpec *
mig_probe_spec_parse (const char *text, gboolean own, GError **error)
{
  g_autoptr (MigProbeSpec) spec = g_new0 (MigProbeSpec, 1);
  gsize length = strcspn (text, ":");

  spec->method = find_method (text, length);
  if (spec->method < MIG_N_PROBE_METHODS && text[length] && (own || !methods[spec->method].own) &&
      parse_rest (spec, text + length + 1))
    {
      spec->period_ns = methods[spec->method].period_ns;
      return g_steal_pointer (&spec);
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' is no probe; expected " MIG_PROBE_SPEC_FORMS
               ", with an IPv4 address, or an IPv6 address in brackets, and a port from 1 to 65535",
               text);
  return NULL;
}

void
mig_probe_spec_free (MigProbeSpec *spec)
{
  if (!spec)
    return;
  g_free (spec->address);
  g_free (spec->path);
  g_free (spec);
}

char *
mig_probe_spec_format (const MigProbeSpec *spec)
{
  const char *name = methods[spec->method].name;
  g_autofree char *host = mig_probe_address_host (spec->address);

  return spec->port
             ? g_strdup_printf ("%s:%s:%u%s", name, host, spec->port, spec->path ? spec->path : "")
             : g_strdup_printf ("%s:%s", name, host);
}

char *
mig_probe_spec_join (const char *method, const char *address)
{
  gsize length = strcspn (method, ":");
  MigProbeMethod which = find_method (method, length);

  if (which == MIG_N_PROBE_METHODS || methods[which].port != (method[length] == ':'))
    return NULL;
  g_autofree char *host = mig_probe_address_host (address);
  return g_strdup_printf ("%.*s:%s%s", (int) length, method, host, method + length);
}

char *
mig_probe_spec_asks (const MigProbeSpec *spec)
{
  const char *asks = methods[spec->method].asks;

  return spec->port ? g_strdup_printf ("%s to %s port %u", asks, spec->address, spec->port)
                    : g_strdup_printf ("%s to %s", asks, spec->address);
}
