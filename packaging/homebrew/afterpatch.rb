# For Linux on x86-64: no other program for Homebrew is made yet.
class Afterpatch < Formula
  desc "Can they get in, did they get in, are they still in, from a server's evidence"
  homepage "https://github.com/afterpatch/afterpatch"
  url "https://github.com/afterpatch/afterpatch/releases/download/v{{version}}/afterpatch-{{version}}-linux-x86_64.tar.gz"
  sha256 "{{sha256-linux}}"
  license any_of: ["MIT", "Apache-2.0"]

  depends_on arch: :x86_64
  depends_on :linux

  def install
    bin.install "afterpatch"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/afterpatch.bash" => "afterpatch"
    fish_completion.install "completions/afterpatch.fish"
    zsh_completion.install "completions/_afterpatch"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/afterpatch --version")
  end
end
