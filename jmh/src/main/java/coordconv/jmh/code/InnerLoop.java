package coordconv.jmh.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shortest loop of some disassembled code that has fused multiply-adds in it.
 *
 * @param instructions how many instructions
 * @param multiplyAdds how many of them are fused multiply-adds of vectors
 * @param vectorSpills how many move a vector from or to the stack
 * @param registerMoves how many move an integer or an address to or from a vector register, which C2 takes for a place on the stack
 * @param calls how many calls
 */
record InnerLoop(int instructions, int multiplyAdds, int vectorSpills, int registerMoves, int calls) {
    private static final Pattern INSTRUCTION = Pattern.compile("\\s*([0-9a-f]+):\\t[0-9a-f ]+\\t(.*)");
    private static final Pattern JUMP = Pattern.compile("j[a-z]+\\s+0x([0-9a-f]+).*");
    private static final String GENERAL = "(?:[re]?(?:[abcd]x|[sd]i|[sb]p)|r\\d+d?)";
    private static final Pattern REGISTER_MOVE = Pattern.compile("v?mov[dq]\\s+(?:xmm\\d+," + GENERAL + "|" + GENERAL + ",xmm\\d+)\\b.*");
    private static final Pattern SPILL = Pattern.compile("(?=.*[xyz]mm).*\\[rsp.*");

    private record Line(long address, String text) {
    }

    /**
     * Finds the loop.
     *
     * @param disassembly lines of objdump in the Intel syntax
     * @return the loop; empty if no loop has a fused multiply-add
     */
    static Optional<InnerLoop> of(List<String> disassembly) {
        List<Line> lines = new ArrayList<>();
        for (String text : disassembly) {
            Matcher matcher = INSTRUCTION.matcher(text);
            if (matcher.matches()) {
                lines.add(new Line(Long.parseUnsignedLong(matcher.group(1), 16), matcher.group(2)));
            }
        }
        InnerLoop shortest = null;
        for (Line line : lines) {
            Matcher jump = JUMP.matcher(line.text);
            if (jump.matches()) {
                InnerLoop loop = between(lines, Long.parseUnsignedLong(jump.group(1), 16), line.address);
                if (loop.multiplyAdds > 0 && (shortest == null || loop.instructions < shortest.instructions)) {
                    shortest = loop;
                }
            }
        }
        return Optional.ofNullable(shortest);
    }

    private static InnerLoop between(List<Line> lines, long from, long to) {
        int instructions = 0;
        int multiplyAdds = 0;
        int spills = 0;
        int moves = 0;
        int calls = 0;
        for (Line line : lines) {
            if (line.address >= from && line.address <= to) {
                instructions++;
                multiplyAdds += line.text.startsWith("vfmadd") ? 1 : 0;
                spills += SPILL.matcher(line.text).matches() ? 1 : 0;
                moves += REGISTER_MOVE.matcher(line.text).matches() ? 1 : 0;
                calls += line.text.startsWith("call") ? 1 : 0;
            }
        }
        return new InnerLoop(instructions, multiplyAdds, spills, moves, calls);
    }

    /**
     * Checks the loop.
     *
     * @param tile fused multiply-adds of one step of the tile: MR times its vectors
     * @param moves between general and vector registers that are known of this loop
     * @return empty if nothing is
     */
    Optional<String> fault(int tile, int moves) {
        if (calls > 0) {
            return Optional.of(calls + " calls in the inner loop: an intrinsic failed, or vectors are boxed");
        }
        if (vectorSpills > 0) {
            return Optional.of(vectorSpills + " vector moves from or to the stack in the inner loop");
        }
        if (registerMoves > moves) {
            return Optional.of(registerMoves + " moves between general and vector registers in the inner loop, needed " + moves + " at most: general registers ran out");
        }
        if (multiplyAdds % tile != 0) {
            return Optional.of(multiplyAdds + " fused multiply-adds in the inner loop, needed a multiple of the tile's " + tile);
        }
        return Optional.empty();
    }
}
