package coordconv.jmh.code;

import coordconv.jmh.worker.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Inspects the machine code of a micro-kernel: a JVM of its own prints it, objdump of binutils disassembles it. */
final class MicroKernelCode {
    private MicroKernelCode() {}

    /**
     * The verdict on one micro-kernel.
     *
     * @param what the loop, or why none was inspected
     * @param fault what is wrong, if something is
     */
    record Verdict(String what, Optional<String> fault) {
    }

    /**
     * Inspects a loop.
     *
     * @param bits width of the species; 0 for the preferred one
     * @param loop which
     * @param folder for logs
     * @return the verdict
     * @throws IOException if the JVM cannot be started
     */
    static Verdict inspect(int bits, Loop loop, Path folder) throws IOException {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return new Verdict("not inspected: the processor is not x86-64", Optional.empty());
        }
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Worker.JVM_FLAGS);
        command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:CompileCommand=quiet"));
        loop.methods().forEach(method -> command.add("-XX:CompileCommand=print," + method));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HotLoop.class.getName(), Integer.toString(bits)));
        command.addAll(loop.words());
        List<String> log = output(command, folder.resolve("micro-kernel.log"));
        String tile = log.stream().filter(line -> line.startsWith(MachineCode.TILE)).findFirst()
                .orElseThrow(() -> new IOException("the micro-kernel did not run, see " + folder.resolve("micro-kernel.log")));
        String[] sizes = tile.substring(MachineCode.TILE.length()).split(" ");
        MachineCode code = MachineCode.last(log);
        Path binary = folder.resolve("micro-kernel.bin");
        Files.write(binary, code.bytes());
        List<String> disassembly;
        try {
            disassembly = output(List.of("objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "-w",
                    "--adjust-vma=0x" + Long.toHexString(code.base()), binary.toString()), folder.resolve("micro-kernel.asm"));
        } catch (IOException e) {
            return new Verdict("not inspected: objdump (package binutils) does not run: " + e.getMessage(), Optional.empty());
        }
        return judge(loop, InnerLoop.of(disassembly), Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    }

    private static Verdict judge(Loop loop, Optional<InnerLoop> code, int rows, int vectors) {
        String tile = "tile %dx%d: ".formatted(rows, vectors);
        return code.map(found -> new Verdict(tile + found, found.fault(rows * vectors, loop.registerMoves())))
                .orElse(new Verdict(tile, Optional.of("no loop with a fused multiply-add: C2 did not make the vector operations intrinsic")));
    }

    private static List<String> output(List<String> command, Path file) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }
}
