"""The list of cases, and short ways to say what each changes."""

import copy


class Cases:
    """Cases in the order in which they are named. `reason` is None for a case that holds."""

    def __init__(self):
        self.bundles, self.proofs, self.names = [], [], set()

    def bundle(self, name, reason, policy=None, **hooks):
        self.claim(name)
        self.bundles.append({"name": name, "reason": reason, "policy": policy, "hooks": hooks})

    def proof(self, name, reason, policy=None, content=None, public=False, **hooks):
        self.claim(name)
        self.proofs.append({"name": name, "reason": reason, "policy": policy, "content": content, "public": public, "hooks": hooks})

    def claim(self, name):
        if name in self.names:
            raise ValueError(f"two cases are called {name}")
        self.names.add(name)


def setting(**fields):
    return lambda value, made: value.update(fields)


def without(name):
    return lambda value, made: value.__delitem__(name)


def instead(value):
    return lambda old, made: copy.deepcopy(value)


def replacing(old, new):
    """In bytes, text, or a list of lines; the old must be there exactly once."""

    def hook(value, made):
        if isinstance(value, list):
            return [line.replace(old, new) for line in value]
        if value.count(old) != 1:
            raise ValueError(f"{old!r} is there {value.count(old)} times")
        return value.replace(old, new)

    return hook


def inside(name, hook):
    """The hook, on one member or item of the value."""

    def outer(value, made):
        changed = hook(value[name], made)
        if changed is not None:
            value[name] = changed

    return outer


def within(*names_and_hook):
    *names, hook = names_and_hook
    for name in reversed(names):
        hook = inside(name, hook)
    return hook


def both(*hooks):
    def hook(value, made):
        for one in hooks:
            changed = one(value, made)
            value = value if changed is None else changed
        return value

    return hook


def changed(function):
    """A hook from a function of the value alone."""
    return lambda value, made: function(value)
