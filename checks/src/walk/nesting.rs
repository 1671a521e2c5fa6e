//! How deep a script nests, guessed from its tokens before the parser, which recurses, sees it. It
//! counts too much rather than too little. Where a slash may be a division or a regular expression and
//! the tokens before do not tell, both are tried; and brackets are counted once more without believing
//! quotes at all. It stays a guess: whoever runs this on hostile input should do so where a stack that
//! overflows ends nothing but the check (a child process, a worker).

/// What the parser may be given. A bracket weighs 10, a link of a chain (`a + b + …`, `a.b.c…`) 1.
const HEAVIEST: u32 = 4_000;
const NESTED: u32 = 10;
/// Brackets in brackets, if quotes mean nothing: texts in real files drift by some dozens.
const BRACKETS: u32 = 1_000;

/// Bytes that may be read in vain; what needs more was made to.
const MOST_VAIN: usize = 32 * 1024 * 1024;

/// Whether the text nests too deeply to be parsed.
pub(crate) fn too_deep(text: &str) -> bool {
    brackets(text) > BRACKETS
        || [false, true].into_iter().any(|regex| {
            let frames = vec![Frame::default()];
            let mut lexer = Lexer {
                bytes: text.as_bytes(),
                at: 0,
                frames,
                weight: 0,
                prev: Prev::Start,
                unclear: false,
                regex,
                line: false,
                vain: 0,
            };
            while let Some(byte) = lexer.peek(0)
                && lexer.weight <= HEAVIEST
            {
                lexer.token(byte);
            }
            lexer.weight > HEAVIEST
        })
}

/// The deepest that brackets nest if quotes and comments mean nothing.
fn brackets(text: &str) -> u32 {
    let (mut depth, mut most) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// What came before: whether an operand may follow, and a regular expression with it.
#[derive(Clone, Copy, PartialEq)]
enum Prev {
    /// The start of a statement: a brace opens a block.
    Start,
    Operator,
    Word,
    /// `)` of a call or a group.
    Group,
    /// `)` of `if`, `for`, `while`, `with`; `}` of a block.
    Head,
    Block,
    Keyword,
}

#[derive(Clone, Copy, Default)]
struct Frame {
    chain: u32,
    template: bool,
    /// The bracket belongs to `if (`, `while (` and the like.
    head: bool,
    /// `{` where a value stands.
    object: bool,
    /// A slash behind the closing brace may be either.
    unclear: bool,
}

struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    frames: Vec<Frame>,
    weight: u32,
    prev: Prev,
    /// A slash here may be either.
    unclear: bool,
    /// What such a slash is taken for.
    regex: bool,
    /// A line ended since the last token.
    line: bool,
    /// Bytes that were read as regular expressions in vain.
    vain: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(ahead)).copied()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn add(&mut self, weight: u32) {
        self.weight = self.weight.saturating_add(weight);
        if let Some(frame) = self.frames.last_mut() {
            frame.chain = frame.chain.saturating_add(weight);
        }
    }

    fn statement(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            self.weight = self.weight.saturating_sub(frame.chain);
            frame.chain = 0;
        }
    }

    fn open(&mut self, frame: Frame) {
        if self.is_operand() {
            self.add(1);
        }
        self.frames.push(frame);
        self.weight = self.weight.saturating_add(NESTED);
        self.prev = Prev::Operator;
        self.skip(1);
    }

    fn close(&mut self) {
        self.skip(1);
        if self.frames.len() < 2 {
            self.prev = Prev::Group;
            return;
        }
        let frame = self.frames.pop().unwrap_or_default();
        self.weight = self.weight.saturating_sub(frame.chain.saturating_add(NESTED));
        self.prev = if frame.head { Prev::Head } else { Prev::Group };
        if frame.template {
            self.template();
        }
    }

    fn is_operand(&self) -> bool {
        matches!(self.prev, Prev::Word | Prev::Group | Prev::Block)
    }

    fn token(&mut self, byte: u8) {
        let unclear = std::mem::take(&mut self.unclear);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                self.skip(1);
                self.unclear = unclear;
                self.line |= byte == b'\n';
                return;
            }
            b'/' if unclear && !matches!(self.peek(1), Some(b'/' | b'*')) => {
                if self.regex {
                    self.regex()
                } else {
                    self.operator()
                }
            }
            b'/' if self.peek(1) == Some(b'/') => self.until_line_end(),
            b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
            b'/' if !matches!(self.prev, Prev::Word | Prev::Group) && self.previous_byte() != Some(b'<') => {
                self.regex()
            }
            b'"' | b'\'' => self.string(byte),
            b'`' => {
                self.operand_starts();
                self.skip(1);
                self.template();
            }
            b'(' => self.open(Frame { head: self.prev == Prev::Keyword, ..Frame::default() }),
            b'[' => self.open(Frame::default()),
            b'{' => self.brace(),
            b')' | b']' => self.close(),
            b'}' => {
                let frame = self.frames.last().copied().unwrap_or_default();
                self.close();
                if !frame.template {
                    self.prev = if frame.object { Prev::Group } else { Prev::Block };
                    self.unclear = frame.unclear;
                }
            }
            b';' | b',' => {
                self.statement();
                self.prev = if byte == b';' { Prev::Start } else { Prev::Operator };
                self.skip(1);
            }
            b'$' | b'_' | b'#' | b'@' | b'\\' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) && !self.is_operand() => self.word(),
            _ => self.operator(),
        }
        self.line = false;
    }

    /// A block, an object, or what cannot be told from here: the body of a function or a class.
    fn brace(&mut self) {
        let object = self.prev == Prev::Operator;
        let after_colon = self.previous_byte() == Some(b':') || self.previous_byte() == Some(b' ');
        let unclear = matches!(self.prev, Prev::Group | Prev::Word) || (object && after_colon);
        self.open(Frame { object, unclear, ..Frame::default() });
        if !object {
            self.prev = Prev::Start;
        }
    }

    fn previous_byte(&self) -> Option<u8> {
        self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).copied()
    }

    /// Two operands side by side: a new statement began.
    fn operand_starts(&mut self) {
        if matches!(self.prev, Prev::Word | Prev::Block) {
            self.statement();
        }
        self.prev = Prev::Word;
    }

    fn word(&mut self) {
        let start = self.at;
        while let Some(byte) = self.peek(0)
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'_' | b'#' | b'@' | b'\\' | 0x80..))
        {
            self.skip(1);
        }
        if self.at == start {
            self.skip(1);
        }
        let member = start.checked_sub(1).and_then(|at| self.bytes.get(at)) == Some(&b'.');
        match self.bytes.get(start..self.at).unwrap_or_default() {
            _ if member => self.prev = Prev::Word,
            b"else" | b"do" => {
                self.add(NESTED);
                self.prev = Prev::Start;
            }
            b"if" | b"while" | b"for" | b"with" => {
                if self.prev == Prev::Block || self.prev == Prev::Word {
                    self.statement();
                }
                self.add(NESTED);
                self.prev = Prev::Keyword;
            }
            b"case" | b"default" => {
                self.statement();
                self.prev = Prev::Operator;
            }
            b"await" if self.prev == Prev::Keyword => {}
            word @ (b"typeof" | b"void" | b"delete" | b"await" | b"new" | b"yield" | b"keyof" | b"infer") => {
                self.unclear = matches!(word, b"await" | b"yield" | b"keyof" | b"infer");
                if self.prev == Prev::Block || self.prev == Prev::Word {
                    self.statement();
                }
                self.add(NESTED);
                self.prev = Prev::Operator;
            }
            word @ (b"in" | b"of" | b"instanceof" | b"as" | b"extends" | b"satisfies") => {
                self.unclear = matches!(word, b"of" | b"as" | b"satisfies");
                self.add(1);
                self.prev = Prev::Operator;
            }
            b"return" | b"throw" => {
                if self.prev == Prev::Block || self.prev == Prev::Word {
                    self.statement();
                }
                self.prev = Prev::Operator;
            }
            _ => self.operand_starts(),
        }
    }

    fn operator(&mut self) {
        let start = self.at;
        while let Some(byte) = self.peek(0)
            && matches!(
                byte,
                b'=' | b'>' | b'<' | b'!' | b'?' | b':' | b'+' | b'-' | b'*' | b'%' | b'&' | b'|' | b'^' | b'~' | b'.'
            )
        {
            self.skip(1);
        }
        if self.at == start {
            self.skip(1);
        }
        let run = self.bytes.get(start..self.at).unwrap_or_default();
        let long = u32::try_from(run.len()).unwrap_or(u32::MAX);
        let weight = match run {
            b"++" | b"--" if self.is_operand() => {
                self.unclear = self.line;
                return self.add(1);
            }
            _ if !self.is_operand() => long.saturating_mul(NESTED),
            b"=" | b"=>" | b"?" | b"**" => NESTED,
            b"<" => 6,
            b":" => 2,
            _ => long.saturating_sub(3).saturating_mul(NESTED).saturating_add(1),
        };
        self.add(weight);
        self.prev = Prev::Operator;
    }

    fn until_line_end(&mut self) {
        while self.peek(0).is_some_and(|byte| byte != b'\n') {
            self.skip(1);
        }
    }

    fn block_comment(&mut self) {
        self.skip(2);
        while self.peek(0).is_some() && !(self.peek(0) == Some(b'*') && self.peek(1) == Some(b'/')) {
            self.skip(1);
        }
        self.skip(2);
    }

    /// To the closing quote or the end of the line.
    fn string(&mut self, quote: u8) {
        self.operand_starts();
        self.skip(1);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.skip(2),
                b'\n' => return,
                _ => self.skip(1),
            }
            if byte == quote {
                return;
            }
        }
    }

    fn template(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.skip(2),
                b'`' => {
                    self.prev = Prev::Word;
                    return self.skip(1);
                }
                b'$' if self.peek(1) == Some(b'{') => {
                    self.skip(1);
                    self.prev = Prev::Operator;
                    return self.open(Frame { template: true, ..Frame::default() });
                }
                _ => self.skip(1),
            }
        }
    }

    fn regex(&mut self) {
        self.operand_starts();
        let (start, mut class) = (self.at, false);
        self.skip(1);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.skip(1),
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return self.skip(1),
                b'\n' => break,
                _ => {}
            }
            self.skip(1);
        }
        self.vain = self.vain.saturating_add(self.at.saturating_sub(start));
        if self.vain > MOST_VAIN {
            self.weight = u32::MAX;
        }
        // No end on this line: it was a division (or text of JSX).
        self.at = start.saturating_add(1);
        self.prev = Prev::Operator;
    }
}
