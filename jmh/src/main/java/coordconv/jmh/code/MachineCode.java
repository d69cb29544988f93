package coordconv.jmh.code;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last machine code that C2 made of a method, as {@code -XX:CompileCommand=print} writes it where
 * no disassembler is installed: hexadecimal, with addresses.
 *
 * @param base address of the first byte
 * @param bytes the instructions
 */
record MachineCode(long base, byte[] bytes) {
    /** Prefix of the line on which {@link HotLoop} prints rows and vectors of its tile. */
    static final String TILE = "tile ";

    private static final int NOP = 0x90;
    private static final Pattern HEADER = Pattern.compile("Compiled method \\(c2\\) +\\d+ +\\d+( %)? +4 .*");
    private static final Pattern LINE = Pattern.compile("\\s+0x([0-9a-f]+): ((?:[0-9a-f]{2,4}[ |]*)+)\\s*");

    /**
     * Finds the code in a log.
     *
     * @param log lines of a JVM's standard output
     * @return the code of the last compilation from the method's entry
     * @throws IllegalStateException if there is none
     */
    static MachineCode last(List<String> log) {
        int header = -1;
        for (int i = 0; i < log.size(); i++) {
            Matcher matcher = HEADER.matcher(log.get(i));
            // A percent sign marks on-stack replacement, whose code begins in the middle of the loop.
            if (matcher.matches() && matcher.group(1) == null) {
                header = i;
            }
        }
        if (header < 0) {
            throw new IllegalStateException("log: needed a method compiled by C2, given none in " + log.size() + " lines");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long base = -1;
        for (String line : log.subList(header, log.size())) {
            if (line.startsWith("[/MachCode]")) {
                break;
            }
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                long address = Long.parseUnsignedLong(matcher.group(1), 16);
                base = base < 0 ? address : base;
                while (base + bytes.size() < address) {
                    bytes.write(NOP);
                }
                bytes.writeBytes(HexFormat.of().parseHex(matcher.group(2).replaceAll("[ |]", "")));
            }
        }
        return new MachineCode(base, bytes.toByteArray());
    }
}
