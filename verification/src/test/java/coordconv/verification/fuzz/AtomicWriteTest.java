package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.io.AtomicFile;
import coordconv.layers.io.NamedArray;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.WeightFile;
import coordconv.layers.io.WeightFileException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A write that fails half-way, however it fails, leaves the old file and nothing beside it. */
class AtomicWriteTest {
    private static final byte[] OLD = {1, 2, 3};

    private static void assertOldAlone(ScratchFile scratch) throws IOException {
        assertArrayEquals(OLD, Files.readAllBytes(scratch.file()));
        try (Stream<Path> files = Files.list(scratch.folder())) {
            assertEquals(List.of(scratch.file()), files.toList());
        }
    }

    @Property(tries = 60)
    void aFailureAfterAnyNumberOfBytesLeavesTheOldFile(@ForAll @IntRange(max = 200_000) int bytes, @ForAll @IntRange(max = 2) int kind)
            throws IOException {
        Throwable planted = List.of(new IOException("disk full"), new IllegalStateException("broken"), new OutOfMemoryError("full"))
                .get(kind);
        try (ScratchFile scratch = ScratchFile.of("weights", OLD)) {
            Throwable thrown = assertThrows(planted.getClass(), () -> AtomicFile.write(scratch.file(), channel -> {
                channel.write(ByteBuffer.allocate(bytes));
                switch (planted) {
                    case IOException e -> throw e;
                    case RuntimeException e -> throw e;
                    default -> throw (Error) planted;
                }
            }));
            assertEquals(planted, thrown);
            assertOldAlone(scratch);
        }
    }

    @Example
    void anInterruptedWriterLeavesTheOldFileAndStaysInterrupted() throws IOException {
        try (ScratchFile scratch = ScratchFile.of("weights", OLD)) {
            try {
                assertThrows(ClosedByInterruptException.class, () -> AtomicFile.write(scratch.file(), channel -> {
                    channel.write(ByteBuffer.allocate(10_000));
                    Thread.currentThread().interrupt();
                    channel.write(ByteBuffer.allocate(10_000));
                }));
            } finally {
                assertTrue(Thread.interrupted());
            }
            assertOldAlone(scratch);
        }
    }

    @Example
    void anInterruptedSaveOfWeightsIsRefusedByTheFilesName() throws IOException {
        try (ScratchFile scratch = ScratchFile.of("weights.safetensors", OLD)) {
            NamedArrays arrays = NamedArrays.of(new NamedArray("a", new int[] {1 << 16}, new float[1 << 16]));
            Thread.currentThread().interrupt();
            try {
                WeightFileException e = assertThrows(WeightFileException.class, () -> WeightFile.write(scratch.file(), arrays));
                Bounded.requireRefusal(e, WeightFileException.class);
            } finally {
                assertTrue(Thread.interrupted());
            }
            assertOldAlone(scratch);
        }
    }

    @Example
    void whatIsNoOrdinaryFileIsNeverReplaced() throws IOException {
        try (ScratchFile scratch = ScratchFile.of("weights", OLD); ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path socket = scratch.folder().resolve("socket");
            server.bind(UnixDomainSocketAddress.of(socket));
            WeightFileException e = assertThrows(WeightFileException.class, () -> AtomicFile.write(socket, channel -> { }));
            assertTrue(e.getMessage().contains("needed an ordinary file"), e.getMessage());
            assertTrue(Files.readAttributes(socket, java.nio.file.attribute.BasicFileAttributes.class).isOther());
            Files.delete(socket);
            assertOldAlone(scratch);
        }
    }
}
