//! How the common shapes are read, and the two macros that write it for a crate's own types.

use super::{Node, Read};

impl Read for bool {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        node.flag(wrong)
    }
}

impl Read for String {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        node.text(wrong).to_owned()
    }
}

macro_rules! whole {
    ($($type:ty: $method:ident)*) => {$(
        impl Read for $type {
            fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
                Self::try_from(node.$method(wrong)).unwrap_or_else(|_| {
                    *wrong = true;
                    0
                })
            }
        }
    )*};
}

whole! { u16: unsigned u32: unsigned u64: unsigned i32: signed i64: signed }

/// Absent or null is none.
impl<T: Read> Read for Option<T> {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        match node {
            Node::Absent | Node::Null => None,
            node => Some(T::read(node, wrong)),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        let items = node.items(wrong);
        items.iter().map(|item| T::read(item, wrong)).collect()
    }
}

impl<A: Read, B: Read> Read for (A, B) {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        let items = node.items(wrong);
        if items.len() != 2 {
            *wrong = true;
        }
        let item = |place| items.get(place).unwrap_or(&Node::Absent);
        (A::read(item(0), wrong), B::read(item(1), wrong))
    }
}

/// As serde has it: `{"Ok": …}` or `{"Err": …}`.
impl<T: Read, E: Read> Read for Result<T, E> {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        match node.variant() {
            ("Ok", held) => Ok(T::read(held, wrong)),
            (name, held) => {
                *wrong |= name != "Err";
                Err(E::read(held, wrong))
            }
        }
    }
}

/// An object's member.
pub(crate) fn member<T: Read>(node: &Node<'_>, key: &str, wrong: &mut bool) -> T {
    T::read(node.member(key, wrong), wrong)
}

/// An object's member, or what is taken where it is absent.
pub(crate) fn member_or<T: Read>(node: &Node<'_>, key: &str, absent: fn() -> T, wrong: &mut bool) -> T {
    match node.member(key, wrong) {
        Node::Absent => absent(),
        node => T::read(node, wrong),
    }
}

/// Reads a struct from an object: `object!(Type { name, name: "key", name = default, name = function })`.
///
/// A member's key is its name, or what follows the colon. Where it is absent the function behind `=` is
/// called, and `default` stands for the type's own.
macro_rules! object {
    (@member $node:ident $wrong:ident $name:ident) => {
        $crate::model::json::shape::member($node, stringify!($name), $wrong)
    };
    (@member $node:ident $wrong:ident $name:ident : $key:literal) => {
        $crate::model::json::shape::member($node, $key, $wrong)
    };
    (@member $node:ident $wrong:ident $name:ident = default) => {
        $crate::model::json::shape::member_or($node, stringify!($name), Default::default, $wrong)
    };
    (@member $node:ident $wrong:ident $name:ident = $absent:ident) => {
        $crate::model::json::shape::member_or($node, stringify!($name), $absent, $wrong)
    };
    ($type:ident { $($name:ident $(: $key:literal)? $(= $absent:ident)?),* $(,)? }) => {
        impl $crate::model::json::Read for $type {
            fn read(node: &$crate::model::json::Node<'_>, wrong: &mut bool) -> Self {
                Self { $($name: $crate::model::json::object!(@member node wrong $name $(: $key)? $(= $absent)?)),* }
            }
        }
    };
}

/// Reads an enum as serde writes it, a bare text or an object with one key:
/// `choice!(Type { "a" => Bare, "b" => Holding(_), "c" => With { member, member } })`.
macro_rules! choice {
    (@variant $held:ident $wrong:ident $name:ident) => {
        Self::$name
    };
    (@variant $held:ident $wrong:ident $name:ident (_)) => {
        Self::$name($crate::model::json::Read::read($held, $wrong))
    };
    (@variant $held:ident $wrong:ident $name:ident { $($member:ident),* }) => {
        Self::$name { $($member: $crate::model::json::shape::member($held, stringify!($member), $wrong)),* }
    };
    ($type:ident {
        $first_key:literal => $first:ident $(($first_held:tt))? $({ $($first_member:ident),* })?
        $(, $key:literal => $name:ident $(($held:tt))? $({ $($member:ident),* })?)* $(,)?
    }) => {
        impl $crate::model::json::Read for $type {
            fn read(node: &$crate::model::json::Node<'_>, wrong: &mut bool) -> Self {
                let (name, held) = node.variant();
                // An enum of bare variants holds nothing.
                let _ = held;
                match name {
                    $($key => $crate::model::json::choice!(@variant held wrong $name $(($held))? $({ $($member),* })?),)*
                    name => {
                        *wrong |= name != $first_key;
                        $crate::model::json::choice!(@variant held wrong $first $(($first_held))? $({ $($first_member),* })?)
                    }
                }
            }
        }
    };
}

pub(crate) use {choice, object};
