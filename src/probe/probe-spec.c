/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
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

static gboolean
is_address (const char *text)
{
  struct in_addr address;

  return inet_pton (AF_INET, text, &address) == 1;
}

/* parse_rest: ADDRESS[:PORT[/PATH]], as the method has them. */
static gboolean
parse_rest (MigProbeSpec *spec, const char *rest)
{
  const Method *method = &methods[spec->method];
  const char *slash = method->path ? strchr (rest, '/') : NULL;
  g_autofree char *place = slash ? g_strndup (rest, (gsize) (slash - rest)) : g_strdup (rest);
  char *colon = method->port ? strchr (place, ':') : NULL;
  guint64 port = 0;

  if (method->port &&
      (!colon || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL)))
    return FALSE;
  if (colon)
    *colon = '\0';
  if (!is_address (place) || (slash && !is_path (slash)))
    return FALSE;
  spec->address = g_strdup (place);
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
               ", with an IPv4 address and a port from 1 to 65535",
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

  return spec->port ? g_strdup_printf ("%s:%s:%u%s", name, spec->address, spec->port,
                                       spec->path ? spec->path : "")
                    : g_strdup_printf ("%s:%s", name, spec->address);
}

char *
mig_probe_spec_join (const char *method, const char *address)
{
  gsize length = strcspn (method, ":");
  MigProbeMethod which = find_method (method, length);

  if (which == MIG_N_PROBE_METHODS || methods[which].port != (method[length] == ':'))
    return NULL;
  return g_strdup_printf ("%.*s:%s%s", (int) length, method, address, method + length);
}

char *
mig_probe_spec_asks (const MigProbeSpec *spec)
{
  const char *asks = methods[spec->method].asks;

  return spec->port ? g_strdup_printf ("%s to %s port %u", asks, spec->address, spec->port)
                    : g_strdup_printf ("%s to %s", asks, spec->address);
}
