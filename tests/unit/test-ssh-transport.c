/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/ssh-transport.h"

#define HELPER "/usr/libexec/a b&c/migcost-ssh"
#define ESCAPED "command=/usr/libexec/a%20b%26c/migcost-ssh"

static void
assert_becomes (const char *uri, const char *expected)
{
  g_autofree char *became = mig_ssh_transport_uri (uri, HELPER);

  g_assert_cmpstr (became, ==, expected);
}

static void
test_through_ssh (void)
{
  assert_becomes ("qemu+ssh://alpha/system", "qemu+ssh://alpha/system?" ESCAPED);
  assert_becomes ("XEN+SSH://root@[2001:db8::1]:2222/system",
                  "XEN+SSH://root@[2001:db8::1]:2222/system?" ESCAPED);
  assert_becomes ("qemu+ssh://alpha/system?", "qemu+ssh://alpha/system?" ESCAPED "&");
  assert_becomes ("qemu+ssh://alpha/system#b?c", "qemu+ssh://alpha/system?" ESCAPED "#b?c");
}

/* libvirt takes a name without a value, and ';' where no '&' follows */
static void
test_parameters (void)
{
  assert_becomes ("qemu+ssh://alpha/system?keyfile=/k&no_tty=1&proxy=native",
                  "qemu+ssh://alpha/system?" ESCAPED "&keyfile=/k&no_tty=1&proxy=native");
  assert_becomes ("qemu+ssh://alpha/system?no_tty;keyfile=/k",
                  "qemu+ssh://alpha/system?" ESCAPED "&no_tty;keyfile=/k");
  assert_becomes ("qemu+ssh://alpha/system?keyfile=/command&recommand=1",
                  "qemu+ssh://alpha/system?" ESCAPED "&keyfile=/command&recommand=1");
}

static void
test_as_they_were (void)
{
  static const char *const uris[] = {
    "qemu+ssh://alpha/system?command=/opt/bin/ssh",
    "qemu+ssh://alpha/system?no_tty=1&Command=ssh",
    "qemu+ssh://alpha/system?no_tty=1;command=ssh",
    "qemu+ssh://alpha/system?command",
    "qemu+libssh2://alpha/system",
    "qemu+ext://alpha/system",
    "qemu+tls://alpha/system",
    "qemu:///session?socket=/run/a+ssh",
    "test:///default",
    "+ssh",
    "alpha",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    assert_becomes (uris[i], uris[i]);
  g_autofree char *without = mig_ssh_transport_uri ("qemu+ssh://alpha/system", NULL);
  g_assert_cmpstr (without, ==, "qemu+ssh://alpha/system");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh-transport/through-ssh", test_through_ssh);
  g_test_add_func ("/ssh-transport/parameters", test_parameters);
  g_test_add_func ("/ssh-transport/as-they-were", test_as_they_were);
  return g_test_run ();
}
