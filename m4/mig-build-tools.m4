# MIG_BUILD_TOOLS: the compiler and libraries of programs that run while building: mkinitramfs. They are those of
# migcost itself, unless that is built for another kind of machine.
AC_DEFUN([MIG_BUILD_TOOLS], [
  AC_ARG_VAR([CC_FOR_BUILD], [C compiler of programs that run while building (default: $CC; cc if that cross-compiles)])
  AC_ARG_VAR([PKG_CONFIG_FOR_BUILD], [pkg-config of their libraries (default: $PKG_CONFIG; pkg-config if $CC cross-compiles)])
  AS_IF([test "x$cross_compiling" = xyes],
    [: ${CC_FOR_BUILD=cc}
     : ${PKG_CONFIG_FOR_BUILD=pkg-config}],
    [: ${CC_FOR_BUILD=$CC}
     : ${PKG_CONFIG_FOR_BUILD=$PKG_CONFIG}])
  mig_build_modules="glib-2.0 libarchive"
  AC_MSG_CHECKING([for libarchive, for $CC_FOR_BUILD])
  AS_IF([BUILD_CFLAGS=`$PKG_CONFIG_FOR_BUILD --cflags $mig_build_modules 2>&AS_MESSAGE_LOG_FD` &&
         BUILD_LIBS=`$PKG_CONFIG_FOR_BUILD --libs "libarchive >= 3.3" $mig_build_modules 2>&AS_MESSAGE_LOG_FD`],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([libarchive >= 3.3 was not found: install libarchive-dev (Debian, Ubuntu) or libarchive-devel (Fedora)])])
  AC_SUBST([BUILD_CFLAGS])
  AC_SUBST([BUILD_LIBS])
  AM_CONDITIONAL([CROSS_COMPILING], [test "x$cross_compiling" = xyes])
])
